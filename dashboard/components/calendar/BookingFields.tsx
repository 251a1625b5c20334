// The fields of a booking. What is drawn on the calendar only fills them.
import { Trans, useLingui } from '@lingui/react/macro'
import { NumberInput, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import type { LengthProposal } from '../../../server/contract/bookings.ts'
import type { CalendarRow } from '../../../server/contract/calendar.ts'
import type { GcodeFile } from '../../../server/contract/files.ts'
import { formatDuration } from '../../format.ts'
import { type BookingDraft, repeats } from './booking-draft.ts'
import { LengthInput } from './LengthInput.tsx'
import { useRepeatWords } from './use-repeat-words.ts'
import { WishFields } from './WishFields.tsx'

export interface BookingFieldsProps {
  readonly draft: BookingDraft
  readonly printers: readonly CalendarRow[]
  readonly materials: readonly string[]
  readonly files: readonly GcodeFile[]
  /** For the chosen file. */
  readonly length: LengthProposal | null
  readonly stepMinutes: number
  /** Only a new booking can become a series. */
  readonly isNew: boolean
  /** A booking that has begun stays where it is; only its end can move. */
  readonly begun: boolean
  change(part: Partial<BookingDraft>): void
}

export const BookingFields = (props: BookingFieldsProps) => {
  const { draft, isNew, begun, stepMinutes, change } = props
  const { t } = useLingui()
  return (
    <Stack gap="sm">
      {!begun && <WishFields wishes={draft} printers={props.printers} materials={props.materials} change={change} />}
      <FileField {...props} />
      {!begun && (
        <SimpleGrid cols={2} spacing="sm">
          <TextInput
            type="date"
            label={t`Date`}
            required
            value={draft.date}
            onChange={({ currentTarget }) => change({ date: currentTarget.value, instant: null })}
          />
          <TextInput
            type="time"
            label={t`Start`}
            required
            step={stepMinutes * 60}
            value={draft.time}
            onChange={({ currentTarget }) => change({ time: currentTarget.value.slice(0, 5), instant: null })}
          />
        </SimpleGrid>
      )}
      <LengthInput
        label={t`Length`}
        description={t`It may go on over midnight.`}
        minutes={draft.minutes}
        step={stepMinutes}
        change={(minutes) => change({ minutes })}
      />
      {isNew && <RepeatFields draft={draft} change={change} />}
      <TextInput
        label={t`What for`}
        maxLength={300}
        value={draft.purpose}
        onChange={({ currentTarget }) => change({ purpose: currentTarget.value })}
      />
    </Stack>
  )
}

const FileField = ({ draft, files, length, change }: BookingFieldsProps) => {
  const { t } = useLingui()
  return (
    <div>
      <Select
        label={t`File`}
        placeholder={t`Without a file`}
        data={files
          .filter(({ state }) => state === 'analysed')
          .map(({ id, name }) => ({ value: String(id), label: name }))}
        value={draft.fileId === null ? null : String(draft.fileId)}
        searchable
        clearable
        onChange={(value) => change({ fileId: value === null ? null : Number(value) })}
      />
      {length !== null && (
        <Text size="xs" c="dimmed" mt={4}>
          <Trans>
            {formatDuration(length.minutes * 60)}: {formatDuration(length.printMinutes * 60)} of printing (nine times in
            ten it is done by then), {formatDuration(length.setupMinutes * 60)} to set up,{' '}
            {formatDuration(length.clearMinutes * 60)} to clear.
          </Trans>
        </Text>
      )}
    </div>
  )
}

const RepeatFields = ({ draft, change }: Pick<BookingFieldsProps, 'draft' | 'change'>) => {
  const { t } = useLingui()
  const words = useRepeatWords()
  const date = draft.date === '' ? '2024-01-01' : draft.date
  return (
    <SimpleGrid cols={draft.repeat === 'once' ? 1 : 2} spacing="sm">
      <Select
        label={t`Repeat`}
        value={draft.repeat}
        data={repeats.map((repeat) => ({ value: repeat, label: words.of(repeat, date) }))}
        allowDeselect={false}
        onChange={(value) => change({ repeat: repeats.find((one) => one === value) ?? 'once' })}
      />
      {draft.repeat !== 'once' && (
        <NumberInput
          label={t`How many times`}
          placeholder={t`it goes on`}
          min={1}
          max={100}
          allowDecimal={false}
          value={draft.times ?? ''}
          onChange={(value) => change({ times: typeof value === 'number' && value > 0 ? value : null })}
        />
      )}
    </SimpleGrid>
  )
}
