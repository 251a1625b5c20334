// What a workshop teaches a printer: scripts around pausing and the like, filament lengths, macros.
import { Trans, useLingui } from '@lingui/react/macro'
import {
  Accordion,
  ActionIcon,
  Alert,
  Button,
  Group,
  NumberInput,
  Select,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
  Title,
} from '@mantine/core'
import { Plus, Trash2 } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import {
  type Macro,
  placeholders,
  type Routines,
  type ScriptMoment,
  scriptFault,
  scriptMoments,
} from '../../server/contract/routines.ts'

export interface RoutinesFormProps {
  readonly start: Routines
  readonly busy: boolean
  /** What the server refused, or null. */
  readonly refusal: string | null
  save(routines: Routines): void
}

const useMomentName = (): ((moment: ScriptMoment) => string) => {
  const { t } = useLingui()
  const names: Record<ScriptMoment, string> = {
    beforePause: t`Before it pauses, at the part`,
    afterPause: t`After it has parked`,
    beforeResume: t`Before it goes on, while it is parked`,
    afterResume: t`When it is back at the part`,
    beforeCancel: t`When a print is cancelled, heaters off`,
    afterCancel: t`After a cancelled print has parked`,
    beforeFilament: t`Before filament is unloaded`,
    afterFilament: t`After new filament is in`,
  }
  return (moment) => names[moment]
}

export const RoutinesForm = ({ start, busy, refusal, save }: RoutinesFormProps) => {
  const { t } = useLingui()
  const [routines, setRoutines] = useState(start)
  const nameOf = useMomentName()
  const change = (some: Partial<Routines>): void => setRoutines({ ...routines, ...some })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    save(routines)
  }
  const faulty = [...Object.values(routines.scripts), ...routines.macros.map(({ gcode }) => gcode)].some(
    (script) => scriptFault(script) !== null,
  )
  return (
    <form onSubmit={submit}>
      <Stack gap="lg">
        <PauseFields routines={routines} change={change} />
        <div>
          <Title order={2} mb={4}>
            <Trans>Scripts</Trans>
          </Title>
          <Text size="sm" c="dimmed" mb="xs">
            <Trans>G-code that is sent as well. In braces:</Trans> {placeholders.map((name) => `{${name}}`).join(' ')}
          </Text>
          <Accordion variant="contained" chevronPosition="left">
            {scriptMoments.map((moment) => (
              <Accordion.Item key={moment} value={moment}>
                <Accordion.Control>
                  {nameOf(moment)}
                  {routines.scripts[moment].trim() !== '' && (
                    <Text span size="sm" c="dimmed">
                      {' · '}
                      <Trans>in use</Trans>
                    </Text>
                  )}
                </Accordion.Control>
                <Accordion.Panel>
                  <ScriptField
                    label={nameOf(moment)}
                    value={routines.scripts[moment]}
                    change={(script) => change({ scripts: { ...routines.scripts, [moment]: script } })}
                  />
                </Accordion.Panel>
              </Accordion.Item>
            ))}
          </Accordion>
        </div>
        <MacroFields macros={routines.macros} change={(macros) => change({ macros })} />
        {refusal !== null && (
          <Alert color="red" role="alert">
            {refusal}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button type="submit" loading={busy} disabled={faulty} aria-label={t`Save scripts and macros`}>
            <Trans>Save</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

interface FieldsProps {
  readonly routines: Routines
  change(some: Partial<Routines>): void
}

const PauseFields = ({ routines, change }: FieldsProps) => {
  const { t } = useLingui()
  const length = (key: 'unloadLength' | 'loadLength' | 'primeLength', label: string) => (
    <NumberInput
      label={label}
      value={routines[key]}
      onChange={(value) => typeof value === 'number' && change({ [key]: value })}
      suffix=" mm"
      min={0}
      max={key === 'primeLength' ? 200 : 1500}
    />
  )
  return (
    <Stack gap="sm">
      <Title order={2}>
        <Trans>Pauses and filament</Trans>
      </Title>
      <NumberInput
        label={t`Nozzle off after a pause of`}
        description={t`0: it stays hot. The bed always stays warm, it holds the part.`}
        value={routines.nozzleOffMinutes}
        onChange={(value) => typeof value === 'number' && change({ nozzleOffMinutes: Math.round(value) })}
        suffix={t` min`}
        min={0}
        max={1440}
      />
      <Select
        label={t`Filament is changed by`}
        data={[
          { value: 'auto', label: t`The firmware if it can ask here, else the bridge` },
          { value: 'bridge', label: t`The bridge, step by step on this page` },
          { value: 'firmware', label: t`The firmware, by its own M600` },
        ]}
        value={routines.filamentBy}
        onChange={(value) => change({ filamentBy: value === 'bridge' || value === 'firmware' ? value : 'auto' })}
        allowDeselect={false}
      />
      <div className="field-grid">
        {length('unloadLength', t`Unload`)}
        {length('loadLength', t`Load`)}
        {length('primeLength', t`Push out`)}
      </div>
    </Stack>
  )
}

const ScriptField = ({ label, value, change }: { label: string; value: string; change(script: string): void }) => {
  const { t } = useLingui()
  const fault = scriptFault(value)
  return (
    <Textarea
      aria-label={label}
      value={value}
      onChange={({ currentTarget }) => change(currentTarget.value)}
      error={fault && t`${fault.line}: ${fault.reason}`}
      autosize
      minRows={3}
      maxRows={14}
      maxLength={4000}
      spellCheck={false}
      classNames={{ input: 'code-input' }}
    />
  )
}

const MacroFields = ({ macros, change }: { macros: readonly Macro[]; change(macros: Macro[]): void }) => {
  const { t } = useLingui()
  const set = (at: number, some: Partial<Macro>): void =>
    change(macros.map((macro, n) => (n === at ? { ...macro, ...some } : macro)))
  return (
    <Stack gap="sm">
      <Title order={2}>
        <Trans>Macros</Trans>
      </Title>
      {macros.map((macro, at) => (
        <Stack
          gap="xs"
          // A macro has no other identity while its name is being written.
          // biome-ignore lint/suspicious/noArrayIndexKey: the place is the identity
          key={at}
          className="macro-fields"
        >
          <Group wrap="nowrap" align="flex-end">
            <TextInput
              label={t`Name`}
              value={macro.name}
              onChange={({ currentTarget }) => set(at, { name: currentTarget.value })}
              required
              maxLength={80}
              className="grow"
            />
            <ActionIcon
              variant="subtle"
              color="red"
              size="lg"
              aria-label={t`Delete the macro ${macro.name}`}
              onClick={() => change(macros.filter((_, n) => n !== at))}
            >
              <Trash2 size={17} />
            </ActionIcon>
          </Group>
          <ScriptField label={t`G-code of ${macro.name}`} value={macro.gcode} change={(gcode) => set(at, { gcode })} />
          <Group>
            <Switch
              label={t`All members may press it`}
              checked={macro.pressedBy === 'members'}
              onChange={({ currentTarget }) => set(at, { pressedBy: currentTarget.checked ? 'members' : 'operators' })}
            />
            <Switch
              label={t`Also while it prints`}
              checked={macro.whilePrinting}
              onChange={({ currentTarget }) => set(at, { whilePrinting: currentTarget.checked })}
            />
          </Group>
        </Stack>
      ))}
      <Group>
        <Button
          variant="default"
          leftSection={<Plus size={16} aria-hidden />}
          disabled={macros.length >= 40}
          onClick={() => change([...macros, { name: '', gcode: '', pressedBy: 'operators', whilePrinting: false }])}
        >
          <Trans>Add a macro</Trans>
        </Button>
      </Group>
    </Stack>
  )
}
