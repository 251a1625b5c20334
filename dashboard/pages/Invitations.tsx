// Inviting somebody, and the invitations that still work.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Button, Card, Collapse, Group, Select, Stack, Text, TextInput } from '@mantine/core'
import { UserPlus, X } from 'lucide-react'
import { useState } from 'react'
import { invite, listInvitations, revokeInvitation } from '../../server/contract/members.ts'
import { type Role, roles } from '../../server/contract/permissions.ts'
import type { Printer } from '../../server/contract/printers.ts'
import { CopyField } from '../components/CopyField.tsx'
import { type EditableLimit, LimitFields, useLimitText } from '../components/LimitFields.tsx'
import { useRoleNames } from '../components/use-role-names.ts'
import { formatInstant } from '../format.ts'
import { queries, useAction, useEndpoint } from '../state/use-endpoint.ts'

const reread = (): void => {
  queries.invalidateQueries({ queryKey: [listInvitations.url] }).catch(() => {})
}

export const Invitations = ({ printers }: { printers: readonly Printer[] }) => (
  <Card withBorder>
    <Stack>
      <Invite printers={printers} />
      <OpenInvitations printers={printers} />
    </Stack>
  </Card>
)

const Invite = ({ printers }: { printers: readonly Printer[] }) => {
  const { t } = useLingui()
  const names = useRoleNames()
  const [role, setRole] = useState<Role>('member')
  const [note, setNote] = useState('')
  const [limits, setLimits] = useState<EditableLimit[]>([])
  const [limited, setLimited] = useState(false)
  const make = useAction(invite, { done: reread })
  const link = make.data ? `${location.origin}/join/${make.data.token}` : null
  return (
    <Stack gap="sm">
      <div className="field-grid invite-fields">
        <Select
          label={t`Invite somebody as`}
          data={roles.map((value) => ({ value, label: `${names[value].name}: ${names[value].does}` }))}
          value={role}
          onChange={(value) => setRole(roles.find((one) => one === value) ?? 'member')}
          allowDeselect={false}
        />
        <TextInput
          label={t`For whom`}
          placeholder={t`Only for this list`}
          value={note}
          onChange={({ currentTarget }) => setNote(currentTarget.value)}
          maxLength={80}
        />
        <Button
          leftSection={<UserPlus size={16} aria-hidden />}
          loading={make.isPending}
          onClick={() => make.mutate({ body: { role, note: note.trim(), limits: limited ? limits : [] } })}
        >
          <Trans>Make a link</Trans>
        </Button>
      </div>
      {printers.length > 0 && (
        <div>
          <Button
            variant="subtle"
            size="compact-sm"
            onClick={() => setLimited(!limited)}
            aria-expanded={limited}
            mb={6}
          >
            {limited ? <Trans>At every printer</Trans> : <Trans>Only at some printers</Trans>}
          </Button>
          <Collapse expanded={limited}>
            <LimitFields role={role} limits={limits} printers={printers} change={setLimits} />
          </Collapse>
        </div>
      )}
      {link && make.data && (
        <Alert color="slate" title={t`Hand this link over`}>
          <CopyField value={link} label={t`Invitation`} />
          <Text size="sm" mt="xs">
            <Trans>It works once, until {formatInstant(make.data.endsAt)}. It is not shown again.</Trans>
          </Text>
        </Alert>
      )}
    </Stack>
  )
}

const OpenInvitations = ({ printers }: { printers: readonly Printer[] }) => {
  const { t } = useLingui()
  const names = useRoleNames()
  const limitText = useLimitText()
  const open = useEndpoint(listInvitations, {}).data ?? []
  const revoke = useAction(revokeInvitation, { done: reread })
  if (open.length === 0) return null
  return (
    <section aria-label={t`Open invitations`}>
      <Text fw={550} size="sm" mb={4}>
        <Trans>Open invitations</Trans>
      </Text>
      <ul className="plain-list">
        {open.map((one) => {
          const called = one.note === '' ? names[one.role].name : one.note
          const facts = [
            one.note === '' ? null : names[one.role].name,
            limitText(one.limits, printers),
            t`until ${formatInstant(one.endsAt)}`,
            one.invitedBy === null ? null : t`by ${one.invitedBy}`,
          ]
          return (
            <Group key={one.id} component="li" justify="space-between" wrap="nowrap" gap="sm" py={4}>
              <Text size="sm" className="grow">
                {called}{' '}
                <Text span c="dimmed">
                  · {facts.filter((fact) => fact !== null).join(' · ')}
                </Text>
              </Text>
              <Button
                variant="subtle"
                color="gray"
                size="compact-sm"
                flex="none"
                leftSection={<X size={14} aria-hidden />}
                loading={revoke.isPending && revoke.variables?.params.id === one.id}
                onClick={() => revoke.mutate({ params: { id: one.id } })}
                aria-label={t`Take back the invitation: ${called}`}
              >
                <Trans>Take back</Trans>
              </Button>
            </Group>
          )
        })}
      </ul>
    </section>
  )
}
