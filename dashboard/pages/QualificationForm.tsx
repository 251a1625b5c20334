// What is asked for at which printers and with which materials, and when it ends.
import { Trans, useLingui } from '@lingui/react/macro'
import {
  Alert,
  Button,
  Group,
  MultiSelect,
  NumberInput,
  Select,
  Stack,
  TagsInput,
  Textarea,
  TextInput,
} from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { Printer } from '../../server/contract/printers.ts'
import {
  addQualification,
  changeQualification,
  expiries,
  type Qualification,
  type QualificationShape,
  qualificationKinds,
  removeQualification,
} from '../../server/contract/qualifications.ts'
import { useQualificationWords } from '../components/use-qualification-words.ts'
import { queries, useAction } from '../state/use-endpoint.ts'

export interface QualificationFormProps {
  /** Null: a new one. */
  readonly saved: Qualification | null
  readonly printers: readonly Printer[]
  done(): void
}

const empty: QualificationShape = {
  name: '',
  kind: 'skill',
  covers: { modelOf: [], tags: [], printerIds: [], materials: [] },
  expiry: 'never',
  expiryDays: null,
  nextStep: '',
}

const shapeOf = ({ name, kind, covers, expiry, expiryDays, nextStep }: QualificationShape): QualificationShape => ({
  name,
  kind,
  covers,
  expiry,
  expiryDays,
  nextStep,
})

export const QualificationForm = ({ saved, printers, done }: QualificationFormProps) => {
  const { t } = useLingui()
  const words = useQualificationWords()
  const [shape, setShape] = useState<QualificationShape>(saved === null ? empty : shapeOf(saved))
  const finished = (): void => {
    queries.invalidateQueries().catch(() => {})
    done()
  }
  const add = useAction(addQualification, { quiet: true, done: finished })
  const change = useAction(changeQualification, { quiet: true, done: finished })
  const remove = useAction(removeQualification, { quiet: true, done: finished })
  const set = (part: Partial<QualificationShape>): void => setShape({ ...shape, ...part })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const body = { ...shape, name: shape.name.trim(), nextStep: shape.nextStep.trim() }
    if (saved === null) add.mutate({ body })
    else change.mutate({ params: { id: saved.id }, body })
  }
  const refusal = add.error ?? change.error ?? remove.error
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TextInput
          label={t`Name`}
          placeholder={t`Enclosed printers`}
          required
          maxLength={80}
          value={shape.name}
          onChange={({ currentTarget }) => set({ name: currentTarget.value })}
        />
        <Select
          label={t`Kind`}
          description={t`Safety that has ended is gone; a skill that has ended leaves one a learner.`}
          data={qualificationKinds.map((value) => ({ value, label: words.kinds[value] }))}
          value={shape.kind}
          allowDeselect={false}
          onChange={(value) => set({ kind: qualificationKinds.find((one) => one === value) ?? 'skill' })}
        />
        <CoverFields shape={shape} printers={printers} set={set} />
        <ExpiryFields shape={shape} set={set} />
        <Textarea
          label={t`How one gets it`}
          placeholder={t`Come to the Tuesday evening and print one part with a mentor.`}
          autosize
          minRows={2}
          maxLength={500}
          value={shape.nextStep}
          onChange={({ currentTarget }) => set({ nextStep: currentTarget.value })}
        />
        {refusal && (
          <Alert color="red" role="alert">
            {refusal.message}
          </Alert>
        )}
        <Group justify="space-between">
          {saved === null ? (
            <span />
          ) : (
            <Button
              variant="subtle"
              color="red"
              loading={remove.isPending}
              onClick={() => remove.mutate({ params: { id: saved.id } })}
            >
              <Trans>Ask for it no more</Trans>
            </Button>
          )}
          <Button type="submit" loading={add.isPending || change.isPending}>
            <Trans>Save</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

interface PartProps {
  readonly shape: QualificationShape
  set(part: Partial<QualificationShape>): void
}

const CoverFields = ({ shape, printers, set }: PartProps & { printers: readonly Printer[] }) => {
  const { t } = useLingui()
  const { covers } = shape
  const data = printers.map(({ id, name }) => ({ value: String(id), label: name }))
  const cover = (part: Partial<typeof covers>): void => set({ covers: { ...covers, ...part } })
  return (
    <>
      <MultiSelect
        label={t`At these printers`}
        description={t`None of the three: at all printers`}
        data={data}
        value={covers.printerIds.map(String)}
        onChange={(values) => cover({ printerIds: values.map(Number) })}
        searchable
        clearable
      />
      <MultiSelect
        label={t`At all printers of the same model as`}
        data={data}
        value={covers.modelOf.map(String)}
        onChange={(values) => cover({ modelOf: values.map(Number) })}
        searchable
        clearable
      />
      <MultiSelect
        label={t`At printers with the tag`}
        data={[...new Set([...printers.flatMap(({ tags }) => tags), ...covers.tags])]}
        value={[...covers.tags]}
        onChange={(tags) => cover({ tags })}
        searchable
        clearable
      />
      <TagsInput
        label={t`With these materials`}
        description={t`None: with all`}
        data={['ABS', 'ASA', 'PC', 'PA', 'TPU', 'RESIN']}
        value={[...covers.materials]}
        onChange={(materials) => cover({ materials })}
        clearable
      />
    </>
  )
}

const ExpiryFields = ({ shape, set }: PartProps) => {
  const { t } = useLingui()
  const names = { never: t`never`, after: t`after a time`, disuse: t`when it is not used for a time` }
  return (
    <Group grow align="flex-end">
      <Select
        label={t`It ends`}
        data={expiries.map((value) => ({ value, label: names[value] }))}
        value={shape.expiry}
        allowDeselect={false}
        onChange={(value) => {
          const expiry = expiries.find((one) => one === value) ?? 'never'
          set({ expiry, expiryDays: expiry === 'never' ? null : (shape.expiryDays ?? 365) })
        }}
      />
      {shape.expiry !== 'never' && (
        <NumberInput
          label={t`After so many days`}
          min={1}
          max={3660}
          allowDecimal={false}
          value={shape.expiryDays ?? ''}
          onChange={(value) => set({ expiryDays: typeof value === 'number' && value > 0 ? value : null })}
        />
      )}
    </Group>
  )
}
