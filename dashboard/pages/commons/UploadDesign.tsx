// A design from one's own disk: files, a folder, or an archive, with who made it and its licence.
import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { Alert, Autocomplete, Button, Group, Progress, Stack, Text, TextInput } from '@mantine/core'
import { FolderOpen } from 'lucide-react'
import { type DragEvent, type FormEvent, useRef, useState } from 'react'
import type { Pull } from '../../../server/contract/pulls.ts'
import { formatBytes } from '../../format.ts'
import { type ChosenFile, chosenOf, droppedFiles, type SentSoFar, sendDesign } from '../../state/trays.ts'

/** Those that people who share designs choose most. */
const usualLicences = [
  'CC0-1.0',
  'CC-BY-4.0',
  'CC-BY-SA-4.0',
  'CERN-OHL-P-2.0',
  'CERN-OHL-S-2.0',
  'GPL-3.0-or-later',
  'MIT',
]

const nameOf = (chosen: readonly ChosenFile[]): string =>
  (chosen[0]?.file.webkitRelativePath.split('/')[0] || chosen[0]?.path.split('/').at(-1) || '').replace(
    /\.[a-z0-9]{1,5}$/i,
    '',
  )

export interface UploadDesignProps {
  /** It becomes a newer version of this one. */
  readonly designId?: number
  readonly name?: string
  begun(pull: Pull): void
}

export const UploadDesign = ({ designId, name: given = '', begun }: UploadDesignProps) => {
  const { t } = useLingui()
  const [chosen, setChosen] = useState<readonly ChosenFile[]>([])
  const [name, setName] = useState(given)
  const [licence, setLicence] = useState('')
  const [creator, setCreator] = useState('')
  const [sent, setSent] = useState<SentSoFar | null>(null)
  const [reason, setReason] = useState<string | null>(null)
  const stop = useRef<AbortController | null>(null)
  const choose = (files: readonly ChosenFile[]): void => {
    setChosen(files)
    if (name === '') setName(nameOf(files).slice(0, 120))
  }
  const send = async (): Promise<void> => {
    stop.current = new AbortController()
    setReason(null)
    setSent({ files: 0, bytes: 0 })
    try {
      const wish = {
        name: name.trim() || t`Design`,
        ...(designId === undefined ? {} : { designId }),
        ...(licence.trim() === '' ? {} : { licence: licence.trim() }),
        ...(creator.trim() === '' ? {} : { creator: creator.trim() }),
      }
      begun(await sendDesign(chosen, wish, stop.current.signal, setSent))
    } catch (error) {
      setReason(error instanceof Error ? error.message : String(error))
    }
    setSent(null)
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    void send()
  }
  const bytes = chosen.reduce((sum, { file }) => sum + file.size, 0)
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <DropPlace choose={choose} />
        {chosen.length > 0 && (
          <Text size="sm" role="status">
            <Plural value={chosen.length} one="# file" other="# files" />, {formatBytes(bytes)}:{' '}
            <Text span c="dimmed" inherit className="break-anywhere">
              {chosen
                .slice(0, 6)
                .map(({ path }) => path)
                .join(', ')}
              {chosen.length > 6 ? '…' : ''}
            </Text>
          </Text>
        )}
        {designId === undefined && (
          <TextInput
            label={t`Name`}
            maxLength={120}
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
        )}
        <Group grow align="flex-start" gap="md">
          <TextInput
            label={t`Made by`}
            description={t`Where the files do not say so`}
            maxLength={120}
            value={creator}
            onChange={({ currentTarget }) => setCreator(currentTarget.value)}
          />
          <Autocomplete
            label={t`Licence`}
            description={t`Where the files do not say so`}
            maxLength={120}
            data={usualLicences}
            value={licence}
            onChange={setLicence}
          />
        </Group>
        {reason !== null && <Alert color="red">{reason}</Alert>}
        {sent === null ? (
          <Group justify="flex-end">
            <Button type="submit" disabled={chosen.length === 0}>
              <Trans>Bring it here</Trans>
            </Button>
          </Group>
        ) : (
          <Group wrap="nowrap">
            <Progress
              className="grow"
              value={bytes === 0 ? 100 : (sent.bytes / bytes) * 100}
              aria-label={t`Upload of ${name}`}
            />
            <Button variant="default" size="compact-sm" onClick={() => stop.current?.abort()}>
              <Trans>Cancel</Trans>
            </Button>
          </Group>
        )}
      </Stack>
    </form>
  )
}

const DropPlace = ({ choose }: { choose(files: readonly ChosenFile[]): void }) => {
  const { t } = useLingui()
  const [over, setOver] = useState(false)
  const files = useRef<HTMLInputElement>(null)
  const folder = useRef<HTMLInputElement>(null)
  const drop = (event: DragEvent): void => {
    event.preventDefault()
    setOver(false)
    void droppedFiles(event.dataTransfer.items).then(choose)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is an extra; the buttons inside do the same by keyboard
    <div
      className={`upload-drop ${over ? 'over' : ''}`}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <FolderOpen size={28} strokeWidth={1.5} aria-hidden />
      <div className="grow">
        <Text fw={550}>
          <Trans>Drop files, a folder or an archive here</Trans>
        </Text>
        <Text size="sm" c="dimmed">
          <Trans>STL, 3MF, OBJ, STEP, OpenSCAD, G-code; README and licence with them</Trans>
        </Text>
      </div>
      <Group gap="xs">
        <Button variant="light" onClick={() => files.current?.click()}>
          <Trans>Files</Trans>
        </Button>
        <Button variant="light" onClick={() => folder.current?.click()}>
          <Trans>Folder</Trans>
        </Button>
      </Group>
      <input
        ref={files}
        type="file"
        multiple
        className="visually-hidden"
        tabIndex={-1}
        aria-label={t`Files of the design`}
        onChange={({ currentTarget }) => choose(chosenOf(currentTarget.files ?? []))}
      />
      <input
        ref={folder}
        type="file"
        multiple
        className="visually-hidden"
        tabIndex={-1}
        aria-label={t`Folder of the design`}
        onChange={({ currentTarget }) => choose(chosenOf(currentTarget.files ?? []))}
        {...{ webkitdirectory: '' }}
      />
    </div>
  )
}
