// The rules of booking: of the workshop, and where they differ for a role, a printer, or a role at a printer.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Button, Card, Center, Group, Loader, Modal, Select, Stack, Text, Title } from '@mantine/core'
import { Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import {
  type BookingRules,
  listBookingRules,
  type RuleSet,
  removeBookingRules,
  setBookingRules,
  usualRules,
} from '../../server/contract/booking-rules.ts'
import { type Role, roles } from '../../server/contract/permissions.ts'
import { listPrinters, type Printer } from '../../server/contract/printers.ts'
import { RuleFields } from '../components/calendar/RuleFields.tsx'
import { useRoleNames } from '../components/use-role-names.ts'
import { queries, useAction, useEndpoint } from '../state/use-endpoint.ts'

type Whom = Pick<RuleSet, 'role' | 'printerId'>

const reread = (): void => {
  queries.invalidateQueries({ queryKey: [listBookingRules.url] }).catch(() => {})
}

export const BookingRulesPage = () => {
  const { t } = useLingui()
  const rules = useEndpoint(listBookingRules, { query: {} })
  const printers = useEndpoint(listPrinters, {}).data ?? []
  const [editing, setEditing] = useState<Whom | null>(null)
  const [adding, setAdding] = useState(false)
  const nameOf = useWhom(printers)
  if (rules.error && !rules.data) return <Alert color="red">{rules.error.message}</Alert>
  if (!rules.data) {
    return (
      <Center mih={200}>
        <Loader />
      </Center>
    )
  }
  const { sets } = rules.data
  const site = sets.find(({ role, printerId }) => role === null && printerId === null)
  const others = sets.filter((set) => set !== site)
  return (
    <Stack gap="md" maw={860}>
      <Title order={1}>
        <Trans>Rules of booking</Trans>
      </Title>
      <Card withBorder>
        <Title order={2} mb="sm">
          <Trans>For everybody and every printer</Trans>
        </Title>
        <Editor
          whom={{ role: null, printerId: null }}
          set={site ?? null}
          wider={usualRules}
          done={() => {}}
          key={JSON.stringify(site?.rules)}
        />
      </Card>
      <Card withBorder>
        <Group justify="space-between" mb="xs">
          <Title order={2}>
            <Trans>Where it is otherwise</Trans>
          </Title>
          <Button variant="default" leftSection={<Plus size={16} aria-hidden />} onClick={() => setAdding(true)}>
            <Trans>Add</Trans>
          </Button>
        </Group>
        {others.length === 0 && (
          <Text size="sm" c="dimmed">
            <Trans>The same rules hold for all roles and printers.</Trans>
          </Text>
        )}
        <ul className="plain-list">
          {others.map((set) => (
            <Group component="li" key={set.id} justify="space-between" wrap="nowrap" py={4}>
              <Text size="sm">{nameOf(set)}</Text>
              <Group gap="xs" wrap="nowrap">
                <Button
                  size="xs"
                  variant="default"
                  onClick={() => setEditing(set)}
                  aria-label={t`Change the rules for ${nameOf(set)}`}
                >
                  <Trans>Change…</Trans>
                </Button>
                <Remove set={set} name={nameOf(set)} />
              </Group>
            </Group>
          ))}
        </ul>
      </Card>
      <Modal opened={adding} onClose={() => setAdding(false)} title={t`For whom is it otherwise?`} centered>
        <Choose
          printers={printers}
          choose={(whom) => {
            setAdding(false)
            setEditing(whom)
          }}
        />
      </Modal>
      <Modal opened={editing !== null} onClose={() => setEditing(null)} title={editing && nameOf(editing)} size="lg">
        {editing && (
          <Editor
            whom={editing}
            set={sets.find((set) => set.role === editing.role && set.printerId === editing.printerId) ?? null}
            wider={{ ...usualRules, ...site?.rules }}
            done={() => setEditing(null)}
          />
        )}
      </Modal>
    </Stack>
  )
}

const useWhom = (printers: readonly Printer[]): ((whom: Whom) => string) => {
  const { t } = useLingui()
  const names = useRoleNames()
  return ({ role, printerId }) => {
    const printer = printers.find(({ id }) => id === printerId)?.name ?? t`a printer that is gone`
    const who = role === null ? '' : names[role].name
    if (role === null) return printer
    return printerId === null ? who : t`${who} at ${printer}`
  }
}

const Remove = ({ set, name }: { set: RuleSet; name: string }) => {
  const { t } = useLingui()
  const remove = useAction(removeBookingRules, { done: reread })
  return (
    <Button
      size="xs"
      variant="subtle"
      color="red"
      loading={remove.isPending}
      onClick={() => remove.mutate({ params: { id: set.id } })}
      aria-label={t`Remove the rules for ${name}`}
    >
      <Trash2 size={15} aria-hidden />
    </Button>
  )
}

const Choose = ({ printers, choose }: { printers: readonly Printer[]; choose(whom: Whom): void }) => {
  const { t } = useLingui()
  const names = useRoleNames()
  const [role, setRole] = useState<Role | null>(null)
  const [printerId, setPrinterId] = useState<string | null>(null)
  return (
    <Stack>
      <Select
        label={t`Role`}
        placeholder={t`All roles`}
        clearable
        data={roles.map((value) => ({ value, label: names[value].name }))}
        value={role}
        onChange={(value) => setRole(roles.find((one) => one === value) ?? null)}
      />
      <Select
        label={t`Printer`}
        placeholder={t`All printers`}
        clearable
        data={printers.map(({ id, name }) => ({ value: String(id), label: name }))}
        value={printerId}
        onChange={setPrinterId}
      />
      <Button
        disabled={role === null && printerId === null}
        onClick={() => choose({ role, printerId: printerId === null ? null : Number(printerId) })}
      >
        <Trans>Set its rules</Trans>
      </Button>
    </Stack>
  )
}

interface EditorProps {
  readonly whom: Whom
  readonly set: RuleSet | null
  /** What holds where nothing is set here. */
  readonly wider: BookingRules
  done(): void
}

const Editor = ({ whom, set, wider, done }: EditorProps) => {
  const [rules, setRules] = useState<Partial<BookingRules>>(set?.rules ?? {})
  const save = useAction(setBookingRules, {
    quiet: true,
    done: () => {
      reread()
      done()
    },
  })
  const changed = JSON.stringify(rules) !== JSON.stringify(set?.rules ?? {})
  return (
    <Stack gap="md">
      <RuleFields rules={rules} wider={wider} change={setRules} />
      {save.isError && (
        <Alert color="red" role="alert">
          {save.error.message}
        </Alert>
      )}
      <Group justify="flex-end">
        <Button
          disabled={!changed}
          loading={save.isPending}
          onClick={() => save.mutate({ body: { role: whom.role, printerId: whom.printerId, rules } })}
        >
          <Trans>Save the rules</Trans>
        </Button>
      </Group>
    </Stack>
  )
}
