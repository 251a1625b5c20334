// Circuits with their limits, and what the scheduler must know of each printer.
import { Trans, useLingui } from '@lingui/react/macro'
import {
  ActionIcon,
  Button,
  Card,
  Group,
  NumberInput,
  Select,
  Stack,
  Switch,
  Text,
  TextInput,
  Title,
} from '@mantine/core'
import { Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import {
  addCircuit,
  type Circuit,
  changeRule,
  listCircuits,
  listRules,
  MOST_FAILED,
  type PrinterRule,
  removeCircuit,
  trustPrinter,
} from '../../server/contract/scheduling.ts'
import { formatNumber } from '../format.ts'
import { useAction, useEndpoint } from '../state/use-endpoint.ts'

export const CircuitSettings = () => {
  const circuits = useEndpoint(listCircuits, {})
  const rules = useEndpoint(listRules, {})
  return (
    <>
      <Circuits circuits={circuits.data ?? []} />
      {rules.data && rules.data.length > 0 && (
        <Card withBorder>
          <Title order={2} mb="sm">
            <Trans>Printers</Trans>
          </Title>
          <Stack gap="lg">
            {rules.data.map((rule) => (
              <RuleForm key={rule.printerId} rule={rule} circuits={circuits.data ?? []} />
            ))}
          </Stack>
        </Card>
      )}
    </>
  )
}

const Circuits = ({ circuits }: { circuits: readonly Circuit[] }) => {
  const { t } = useLingui()
  const [name, setName] = useState('')
  const [limitWatts, setLimitWatts] = useState(2300)
  const add = useAction(addCircuit, { done: () => setName('') })
  const remove = useAction(removeCircuit)
  return (
    <Card withBorder>
      <Title order={2}>
        <Trans>Circuits</Trans>
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        <Trans>Printers on one fuse heat up one after the other, so that it holds.</Trans>
      </Text>
      <Stack gap="xs">
        {circuits.map((circuit) => (
          <Group key={circuit.id} gap="sm">
            <Text fw={550}>{circuit.name}</Text>
            <Text c="dimmed">{t`${formatNumber(circuit.limitWatts)} W`}</Text>
            <ActionIcon
              variant="subtle"
              color="red"
              aria-label={t`Forget ${circuit.name}`}
              onClick={() => remove.mutate({ params: { id: circuit.id } })}
            >
              <Trash2 size={16} />
            </ActionIcon>
          </Group>
        ))}
        <form
          onSubmit={(event) => {
            event.preventDefault()
            add.mutate({ body: { name: name.trim(), limitWatts } })
          }}
        >
          <Group align="flex-end" gap="sm">
            <TextInput
              label={t`Name`}
              value={name}
              maxLength={80}
              onChange={({ currentTarget }) => setName(currentTarget.value)}
            />
            <NumberInput
              label={t`Limit, W`}
              value={limitWatts}
              min={1}
              max={1_000_000}
              w={120}
              onChange={(value) => typeof value === 'number' && setLimitWatts(value)}
            />
            <Button
              type="submit"
              variant="default"
              disabled={name.trim() === ''}
              leftSection={<Plus size={16} aria-hidden />}
            >
              <Trans>Add a circuit</Trans>
            </Button>
          </Group>
        </form>
      </Stack>
    </Card>
  )
}

const RuleForm = ({ rule, circuits }: { rule: PrinterRule; circuits: readonly Circuit[] }) => {
  const { t } = useLingui()
  const change = useAction(changeRule)
  const trust = useAction(trustPrinter)
  const set = (part: Partial<PrinterRule>): void => {
    const { printerId, name: _name, failedInRow: _failed, ...kept } = rule
    change.mutate({ params: { id: printerId }, body: { ...kept, ...part } })
  }
  return (
    <section aria-label={rule.name}>
      <Group justify="space-between" mb="xs">
        <Title order={3}>{rule.name}</Title>
        {rule.failedInRow >= MOST_FAILED && (
          <Button size="compact-sm" color="tile" onClick={() => trust.mutate({ params: { id: rule.printerId } })}>
            {t`${rule.failedInRow} prints failed: it is looked after`}
          </Button>
        )}
      </Group>
      <Group align="flex-end" gap="sm">
        <Select
          label={t`Circuit`}
          data={circuits.map(({ id, name }) => ({ value: String(id), label: name }))}
          value={rule.circuitId === null ? null : String(rule.circuitId)}
          onChange={(value) => set({ circuitId: value === null ? null : Number(value) })}
          clearable
          w={150}
        />
        <WattsInput label={t`Heating up, W`} watts={rule.heatingWatts} save={(heatingWatts) => set({ heatingWatts })} />
        <WattsInput label={t`Warm, W`} watts={rule.holdingWatts} save={(holdingWatts) => set({ holdingWatts })} />
      </Group>
      <Group gap="lg" mt="sm">
        <Switch
          label={t`Enclosed`}
          checked={rule.enclosed === true}
          onChange={({ currentTarget }) => set({ enclosed: currentTarget.checked })}
        />
        <Switch
          label={t`A script takes the part off`}
          checked={rule.ejects}
          onChange={({ currentTarget }) => set({ ejects: currentTarget.checked })}
        />
      </Group>
    </section>
  )
}

/** Saved when one leaves the field, not with every digit. */
const WattsInput = ({ label, watts, save }: { label: string; watts: number; save: (watts: number) => void }) => {
  const [typed, setTyped] = useState<number | null>(null)
  return (
    <NumberInput
      label={label}
      value={typed ?? watts}
      min={0}
      max={100_000}
      w={120}
      onChange={(value) => typeof value === 'number' && setTyped(value)}
      onBlur={() => {
        if (typed !== null && typed !== watts) save(typed)
        setTyped(null)
      }}
    />
  )
}
