// What one tells of a make: how it went, with which settings, and a photo.
import { Trans, useLingui } from '@lingui/react/macro'
import {
  ActionIcon,
  Alert,
  Autocomplete,
  Button,
  FileInput,
  Group,
  SegmentedControl,
  Select,
  Stack,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core'
import { Plus, X } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { Design } from '../../../server/contract/commons.ts'
import { showLineage } from '../../../server/contract/lineage.ts'
import { type makeOutcomes, photographMake, recordMake } from '../../../server/contract/makes.ts'
import { requestFor } from '../../../server/contract/request.ts'
import { listFilaments } from '../../../server/contract/spools.ts'
import { call } from '../../api/call.ts'
import { putBytes } from '../../api/lay-file.ts'
import { formatInstant } from '../../format.ts'
import { useEndpoint } from '../../state/use-endpoint.ts'

interface Draft {
  readonly outcome: (typeof makeOutcomes)[number]
  readonly printId: string | null
  readonly material: string
  readonly settings: readonly { name: string; value: string }[]
  readonly remarks: string
  readonly photo: File | null
}

const send = async (designId: number, draft: Draft): Promise<void> => {
  const settings = draft.settings.filter(({ name, value }) => name.trim() !== '' && value.trim() !== '')
  const make = await call(recordMake, {
    params: { id: designId },
    body: {
      ...(draft.printId === null ? {} : { printId: Number(draft.printId) }),
      outcome: draft.outcome,
      material: draft.material.trim(),
      settings: Object.fromEntries(settings.map(({ name, value }) => [name.trim(), value.trim()])),
      remarks: draft.remarks.trim(),
    },
  })
  if (draft.photo !== null) await putBytes(requestFor(photographMake, { params: { id: make.id } }).path, draft.photo)
}

export const MakeForm = ({ design, printId, done }: { design: Design; printId: number | null; done(): void }) => {
  const { t } = useLingui()
  const [draft, setDraft] = useState<Draft>({
    outcome: 'good',
    printId: printId === null ? null : String(printId),
    material: '',
    settings: [{ name: '', value: '' }],
    remarks: '',
    photo: null,
  })
  const [busy, setBusy] = useState(false)
  const [reason, setReason] = useState<string | null>(null)
  const filaments = useEndpoint(listFilaments, {})
  const set = (change: Partial<Draft>): void => setDraft((before) => ({ ...before, ...change }))
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setBusy(true)
    setReason(null)
    send(design.id, draft)
      .then(done)
      .catch((error: Error) => setReason(error.message))
      .finally(() => setBusy(false))
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <SegmentedControl
          aria-label={t`How it went`}
          value={draft.outcome}
          onChange={(outcome) => set({ outcome: outcome as Draft['outcome'] })}
          data={[
            { value: 'good', label: t`Well` },
            { value: 'usable', label: t`Usable` },
            { value: 'failed', label: t`It failed` },
          ]}
        />
        <Group grow align="flex-start">
          <PrintSelect designId={design.id} value={draft.printId} change={(chosen) => set({ printId: chosen })} />
          <Autocomplete
            label={t`Material`}
            maxLength={40}
            data={[...new Set((filaments.data ?? []).map(({ material }) => material))]}
            value={draft.material}
            onChange={(material) => set({ material })}
          />
        </Group>
        <SettingRows settings={draft.settings} change={(settings) => set({ settings })} />
        <Textarea
          label={t`Remarks`}
          description={t`What to look out for, what you would do otherwise`}
          autosize
          minRows={3}
          maxLength={4000}
          value={draft.remarks}
          onChange={({ currentTarget }) => set({ remarks: currentTarget.value })}
        />
        <FileInput
          label={t`Photo`}
          accept="image/jpeg,image/png,image/webp"
          placeholder={t`Choose a photo`}
          clearable
          value={draft.photo}
          onChange={(photo) => set({ photo })}
        />
        {reason !== null && <Alert color="red">{reason}</Alert>}
        <Group justify="flex-end">
          <Button type="submit" loading={busy}>
            <Trans>Save it</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

/** Prints of this design, as its lineage knows them. */
const PrintSelect = (props: { designId: number; value: string | null; change(value: string | null): void }) => {
  const { t } = useLingui()
  const lineage = useEndpoint(showLineage, { params: { kind: 'design', id: props.designId } })
  const prints = (lineage.data?.nodes ?? []).filter(({ kind }) => kind === 'print')
  return (
    <Select
      label={t`Which print`}
      placeholder={t`Not printed by this workshop`}
      data={prints.map(({ id, name, date }) => ({ value: String(id), label: `${name} · ${formatInstant(date)}` }))}
      value={props.value}
      onChange={props.change}
      clearable
    />
  )
}

const SettingRows = (props: { settings: Draft['settings']; change(settings: Draft['settings']): void }) => {
  const { t } = useLingui()
  const { settings, change } = props
  const set = (at: number, part: Partial<Draft['settings'][number]>): void =>
    change(settings.map((one, place) => (place === at ? { ...one, ...part } : one)))
  return (
    <fieldset className="plain-fieldset">
      <Text component="legend" size="sm" fw={500}>
        <Trans>Settings that worked</Trans>
      </Text>
      <Stack gap={6}>
        {settings.map((setting, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name while they are typed
          <Group key={at} gap={6} wrap="nowrap">
            <TextInput
              className="grow"
              aria-label={t`Setting ${at + 1}`}
              placeholder={t`Layer height`}
              maxLength={60}
              value={setting.name}
              onChange={({ currentTarget }) => set(at, { name: currentTarget.value })}
            />
            <TextInput
              className="grow"
              aria-label={t`Value ${at + 1}`}
              placeholder={t`0.2 mm`}
              maxLength={120}
              value={setting.value}
              onChange={({ currentTarget }) => set(at, { value: currentTarget.value })}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t`Take setting ${at + 1} away`}
              onClick={() => change(settings.filter((_, place) => place !== at))}
            >
              <X size={16} />
            </ActionIcon>
          </Group>
        ))}
        {settings.length < 40 && (
          <Group>
            <Button
              size="compact-sm"
              variant="subtle"
              leftSection={<Plus size={14} aria-hidden />}
              onClick={() => change([...settings, { name: '', value: '' }])}
            >
              <Trans>One more</Trans>
            </Button>
          </Group>
        )}
      </Stack>
    </fieldset>
  )
}
