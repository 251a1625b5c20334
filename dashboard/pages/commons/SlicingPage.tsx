// Materials and qualities that everybody chooses from: ours, and those of the workshop.
import { Trans, useLingui } from '@lingui/react/macro'
import {
  ActionIcon,
  Alert,
  Anchor,
  Badge,
  Button,
  Card,
  FileButton,
  Group,
  Loader,
  Modal,
  Stack,
  Text,
  Title,
} from '@mantine/core'
import { Copy, FileUp, Pencil, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'wouter'
import type { Me } from '../../../server/contract/members.ts'
import { may } from '../../../server/contract/permissions.ts'
import {
  listSlicing,
  type ProfileKind,
  type ProfileReading,
  readProfile,
  removeSlicingProfile,
  type SlicingProfile,
} from '../../../server/contract/slicing.ts'
import { Section } from '../../components/Section.tsx'
import { complain, queries, useAction, useEndpoint } from '../../state/use-endpoint.ts'
import { ProfileForm, type ProfileText } from './ProfileForm.tsx'
import { ProfileReadingView } from './ProfileReadingView.tsx'

const reread = (): void => void queries.invalidateQueries({ queryKey: [listSlicing.url] })

interface Editing {
  /** Of the one that is changed; null: a new one. */
  readonly key: string | null
  readonly text: ProfileText
}

const emptyText = (kind: ProfileKind): ProfileText => ({
  kind,
  name: '',
  note: '',
  materialType: kind === 'material' ? 'PLA' : null,
  density: kind === 'material' ? 1.24 : null,
  settings: {},
})

const textOf = ({ kind, name, note, materialType, density, settings }: SlicingProfile): ProfileText => ({
  kind,
  name,
  note,
  materialType,
  density,
  settings,
})

export const SlicingPage = ({ me }: { me: Me }) => {
  const { t } = useLingui()
  const slicing = useEndpoint(listSlicing, {})
  const [editing, setEditing] = useState<Editing | null>(null)
  const [reading, setReading] = useState<ProfileReading | null>(null)
  const mayChange = may(me, 'run-printers', 'everywhere')
  const lists = [
    { kind: 'material' as const, title: t`Materials`, all: slicing.data?.materials ?? [] },
    { kind: 'quality' as const, title: t`Qualities`, all: slicing.data?.qualities ?? [] },
  ]
  return (
    <Stack gap="lg" maw={900}>
      <Group justify="space-between" align="flex-end">
        <div>
          <Anchor component={Link} href="/commons" size="sm">
            <Trans>Commons</Trans>
          </Anchor>
          <Title order={1}>
            <Trans>Slicing</Trans>
          </Title>
        </div>
        {mayChange && <ImportButton read={setReading} />}
      </Group>
      {slicing.isPending && <Loader />}
      {slicing.error && <Alert color="red">{slicing.error.message}</Alert>}
      {slicing.data &&
        lists.map(({ kind, title, all }) => (
          <Section key={kind} title={title}>
            <ul className="plain-list">
              {all.map((profile) => (
                <ProfileRow
                  key={profile.key}
                  profile={profile}
                  mayChange={mayChange}
                  edit={() => setEditing({ key: profile.key, text: textOf(profile) })}
                  copy={() => setEditing({ key: null, text: { ...textOf(profile), name: t`${profile.name}, copy` } })}
                />
              ))}
            </ul>
            {mayChange && (
              <Button
                mt="sm"
                size="compact-md"
                variant="light"
                leftSection={<Plus size={15} aria-hidden />}
                onClick={() => setEditing({ key: null, text: emptyText(kind) })}
              >
                {kind === 'material' ? <Trans>Add a material</Trans> : <Trans>Add a quality</Trans>}
              </Button>
            )}
          </Section>
        ))}
      <Engines engines={slicing.data?.engines ?? []} />
      <Modal
        opened={editing !== null}
        onClose={() => setEditing(null)}
        title={editing?.text.kind === 'quality' ? t`Quality` : t`Material`}
        size="lg"
      >
        {editing && (
          <ProfileForm
            profileKey={editing.key}
            start={editing.text}
            done={() => {
              setEditing(null)
              reread()
            }}
          />
        )}
      </Modal>
      <Modal
        opened={reading !== null}
        onClose={() => setReading(null)}
        title={t`What was found in the profile`}
        size="lg"
      >
        {reading && (
          <ProfileReadingView
            reading={reading}
            take={() => {
              const { kind, name, materialType, density, settings } = reading
              setEditing({
                key: null,
                text: { kind, name: name.slice(0, 80), note: '', materialType, density, settings },
              })
              setReading(null)
            }}
          />
        )}
      </Modal>
    </Stack>
  )
}

interface RowProps {
  readonly profile: SlicingProfile
  readonly mayChange: boolean
  edit(): void
  copy(): void
}

const ProfileRow = ({ profile, mayChange, edit, copy }: RowProps) => {
  const { t } = useLingui()
  const remove = useAction(removeSlicingProfile, { done: reread })
  const { name, note, isBuiltIn, materialType, density, changedBy } = profile
  const facts = [materialType, density === null ? null : t`${density} g/cm³`, changedBy]
  return (
    <li className="profile-row">
      <div className="grow">
        <Group gap={8}>
          <Text fw={600} className="break-anywhere">
            {name}
          </Text>
          {isBuiltIn && (
            <Badge variant="default" className="state-badge">
              <Trans>built in</Trans>
            </Badge>
          )}
        </Group>
        <Text size="sm" c="dimmed" className="break-anywhere">
          {[note, ...facts].filter(Boolean).join(' · ')}
        </Text>
      </div>
      {mayChange && (
        <Group gap={4} wrap="nowrap">
          <ActionIcon variant="subtle" color="gray" aria-label={t`Copy ${name}`} onClick={copy}>
            <Copy size={16} />
          </ActionIcon>
          {!isBuiltIn && (
            <>
              <ActionIcon variant="subtle" color="gray" aria-label={t`Change ${name}`} onClick={edit}>
                <Pencil size={16} />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                color="red"
                aria-label={t`Take ${name} away`}
                onClick={() => remove.mutate({ params: { key: profile.key } })}
              >
                <Trash2 size={16} />
              </ActionIcon>
            </>
          )}
        </Group>
      )}
    </li>
  )
}

const Engines = ({
  engines,
}: {
  engines: readonly { name: string; title: string; version: string; isDefault: boolean }[]
}) => {
  if (engines.length === 0) return null
  return (
    <Card withBorder padding="sm">
      <Text size="sm" c="dimmed">
        <Trans>Slicers here:</Trans> {engines.map(({ title, version }) => `${title} ${version}`).join(', ')}
      </Text>
    </Card>
  )
}

const CHUNK = 0x8000

const base64Of = async (file: File): Promise<string> => {
  const bytes = new Uint8Array(await file.arrayBuffer())
  let text = ''
  for (let at = 0; at < bytes.length; at += CHUNK) text += String.fromCharCode(...bytes.subarray(at, at + CHUNK))
  return btoa(text)
}

/** As large as the server takes one. */
const MOST_BYTES = 650_000

const ImportButton = ({ read }: { read(reading: ProfileReading): void }) => {
  const { t } = useLingui()
  const ask = useAction(readProfile, { done: read })
  const take = (file: File | null): void => {
    if (file === null) return
    if (file.size > MOST_BYTES) return complain(t`${file.name} is too large for a profile.`)
    void base64Of(file).then((base64) => ask.mutate({ body: { name: file.name.slice(0, 200), base64 } }))
  }
  return (
    <FileButton
      onChange={take}
      accept=".curaprofile,.cfg,.ini"
      inputProps={{ 'aria-label': t`Profile of another slicer` }}
    >
      {(props) => (
        <Button {...props} variant="default" leftSection={<FileUp size={16} aria-hidden />} loading={ask.isPending}>
          <Trans>Import from Cura or PrusaSlicer</Trans>
        </Button>
      )}
    </FileButton>
  )
}
