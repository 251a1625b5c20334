// What is wished of a job: how many, of what, where and when.
import { useLingui } from '@lingui/react/macro'
import {
  Alert,
  Button,
  Group,
  NumberInput,
  SegmentedControl,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  Textarea,
  TextInput,
} from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { JobWishes } from '../../server/contract/jobs.ts'
import type { Printer } from '../../server/contract/printers.ts'
import type { Priority } from '../../server/contract/scheduling.ts'

export interface JobFormProps {
  readonly start: JobWishes
  readonly printers: readonly Printer[]
  /** Materials that are in the workshop. */
  readonly materials: readonly string[]
  readonly me: number
  /** Who runs the machines may put a job before others. */
  readonly mayHurry: boolean
  readonly busy: boolean
  readonly refusal: string | null
  readonly action: string
  save(wishes: JobWishes): void
}

export const JobForm = (props: JobFormProps) => {
  const { t } = useLingui()
  const { start, me, mayHurry } = props
  const [wishes, setWishes] = useState(start)
  const set = (change: Partial<JobWishes>): void => setWishes((before) => ({ ...before, ...change }))
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    props.save(wishes)
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
          <NumberInput
            label={t`Copies`}
            min={1}
            max={1000}
            allowDecimal={false}
            value={wishes.copies}
            onChange={(value) => set({ copies: Math.max(1, Number(value) || 1) })}
          />
          <Where {...props} wishes={wishes} set={set} />
        </SimpleGrid>
        <What {...props} wishes={wishes} set={set} />
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
          <InstantInput
            label={t`Not before`}
            value={wishes.earliestStart}
            change={(earliestStart) => set({ earliestStart })}
          />
          <InstantInput label={t`Wanted by`} value={wishes.wantedBy} change={(wantedBy) => set({ wantedBy })} />
        </SimpleGrid>
        <Textarea
          label={t`Note`}
          description={t`For those who start it and take it off`}
          autosize
          minRows={2}
          maxLength={2000}
          value={wishes.note}
          onChange={({ currentTarget }) => set({ note: currentTarget.value })}
        />
        <Switch
          label={t`I am there when it starts`}
          checked={wishes.attendStart !== null}
          onChange={({ currentTarget }) => set({ attendStart: currentTarget.checked ? me : null })}
        />
        <div>
          <SegmentedControl
            aria-label={t`How urgent it is`}
            value={wishes.priority}
            onChange={(value) => set({ priority: value as Priority })}
            data={[
              { value: 'low', label: t`Whenever` },
              { value: 'normal', label: t`Normal` },
              { value: 'high', label: t`Urgent`, disabled: !mayHurry && start.priority !== 'high' },
            ]}
          />
        </div>
        {props.refusal && <Alert color="red">{props.refusal}</Alert>}
        <Group justify="flex-end">
          <Button type="submit" loading={props.busy}>
            {props.action}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

type PartProps = JobFormProps & { readonly wishes: JobWishes; set(change: Partial<JobWishes>): void }

/** One printer, or all with a tag, or any. */
const Where = ({ printers, wishes, set }: PartProps) => {
  const { t } = useLingui()
  const tags = [...new Set(printers.flatMap((printer) => printer.tags))].sort()
  const chosen = wishes.printerId !== null ? `#${wishes.printerId}` : (wishes.printerTags[0] ?? '')
  return (
    <Select
      label={t`Printer`}
      value={chosen}
      allowDeselect={false}
      data={[
        { value: '', label: t`Any that can` },
        ...(tags.length > 0
          ? [{ group: t`With the tag`, items: tags.map((tag) => ({ value: tag, label: tag })) }]
          : []),
        { group: t`Only`, items: printers.map(({ id, name }) => ({ value: `#${id}`, label: name })) },
      ]}
      onChange={(value) => {
        if (value?.startsWith('#')) set({ printerId: Number(value.slice(1)), printerTags: [] })
        else set({ printerId: null, printerTags: value ? [value] : [] })
      }}
    />
  )
}

const What = ({ wishes, set, materials }: PartProps) => {
  const { t } = useLingui()
  const known = [...new Set([...materials, ...(wishes.materialWanted ? [wishes.materialWanted] : [])])].sort()
  return (
    <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="md">
      <Select
        label={t`Material`}
        data={known}
        value={wishes.materialWanted}
        placeholder={t`Any`}
        clearable
        searchable
        onChange={(materialWanted) => set({ materialWanted })}
      />
      <TextInput
        label={t`Colour`}
        placeholder={t`Any`}
        maxLength={40}
        value={wishes.colourWanted ?? ''}
        onChange={({ currentTarget }) =>
          set({ colourWanted: currentTarget.value.trim() === '' ? null : currentTarget.value })
        }
        leftSection={
          wishes.colourWanted?.startsWith('#') ? (
            <span className="swatch" style={{ background: wishes.colourWanted }} />
          ) : undefined
        }
      />
      <NumberInput
        label={t`Nozzle (mm)`}
        placeholder={t`Any`}
        min={0.1}
        max={5}
        step={0.1}
        value={wishes.nozzleWanted ?? ''}
        onChange={(value) => set({ nozzleWanted: typeof value === 'number' && value > 0 ? value : null })}
      />
    </SimpleGrid>
  )
}

/** An instant in the time of this browser. */
const InstantInput = (props: { label: string; value: string | null; change(value: string | null): void }) => (
  <TextInput
    type="datetime-local"
    label={props.label}
    value={props.value === null ? '' : localOf(props.value)}
    onChange={({ currentTarget }) => {
      const at = new Date(currentTarget.value)
      props.change(Number.isNaN(at.getTime()) ? null : at.toISOString())
    }}
  />
)

const localOf = (instant: string): string => {
  const at = new Date(instant)
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
