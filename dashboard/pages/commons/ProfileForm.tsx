// A material or a quality as it is kept for everybody.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Button, Group, NumberInput, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { BodyOf } from '../../../server/contract/endpoint.ts'
import { addSlicingProfile, changeSlicingProfile } from '../../../server/contract/slicing.ts'
import { useAction } from '../../state/use-endpoint.ts'
import { SettingFields } from './ExpertDoor.tsx'

export type ProfileText = BodyOf<typeof addSlicingProfile>

export interface ProfileFormProps {
  /** Of the one that is changed; null: a new one. */
  readonly profileKey: string | null
  readonly start: ProfileText
  done(): void
}

export const ProfileForm = ({ profileKey, start, done }: ProfileFormProps) => {
  const { t } = useLingui()
  const [text, setText] = useState(start)
  const add = useAction(addSlicingProfile, { quiet: true, done })
  const change = useAction(changeSlicingProfile, { quiet: true, done })
  const set = (part: Partial<ProfileText>): void => setText((before) => ({ ...before, ...part }))
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const body = { ...text, name: text.name.trim() }
    if (profileKey === null) add.mutate({ body })
    else change.mutate({ params: { key: profileKey }, body })
  }
  const error = add.error ?? change.error
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          label={t`Name`}
          required
          maxLength={80}
          value={text.name}
          onChange={({ currentTarget }) => set({ name: currentTarget.value })}
        />
        <TextInput
          label={t`Note`}
          description={t`One sentence for who chooses it`}
          maxLength={300}
          value={text.note}
          onChange={({ currentTarget }) => set({ note: currentTarget.value })}
        />
        {text.kind === 'material' && (
          <Group grow>
            <TextInput
              label={t`Kind of material`}
              required
              maxLength={20}
              value={text.materialType ?? ''}
              onChange={({ currentTarget }) => set({ materialType: currentTarget.value || null })}
            />
            <NumberInput
              label={t`Density (g/cm³)`}
              min={0.5}
              max={10}
              step={0.01}
              value={text.density ?? ''}
              onChange={(value) => set({ density: typeof value === 'number' ? value : null })}
            />
          </Group>
        )}
        <SettingFields settings={text.settings} change={(settings) => set({ settings })} />
        {error && <Alert color="red">{error.message}</Alert>}
        <Group justify="flex-end">
          <Button type="submit" loading={add.isPending || change.isPending}>
            <Trans>Keep it for everybody</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
