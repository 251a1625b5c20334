// A place to drop files on, or to choose them; and what becomes of each.
import { Trans, useLingui } from '@lingui/react/macro'
import { ActionIcon, Button, Group, Progress, Stack, Text } from '@mantine/core'
import { CircleCheck, FileUp, TriangleAlert, X } from 'lucide-react'
import { type DragEvent, useRef, useState } from 'react'
import { gcodeEndings } from '../../server/contract/files.ts'
import { formatBytes, formatPercent } from '../format.ts'
import type { Sending } from '../state/uploads.ts'

export interface UploadDropProps {
  readonly sendings: readonly Sending[]
  send(files: readonly File[]): void
  /** Cancels one that is on its way, or takes an ended one off the list. */
  dismiss(key: number): void
}

export const UploadDrop = ({ sendings, send, dismiss }: UploadDropProps) => {
  const { t } = useLingui()
  const [over, setOver] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const drop = (event: DragEvent): void => {
    event.preventDefault()
    setOver(false)
    send([...event.dataTransfer.files])
  }
  return (
    <Stack gap="xs">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is an extra; the button inside does the same by keyboard */}
      <div
        className={`upload-drop ${over ? 'over' : ''}`}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <FileUp size={28} strokeWidth={1.5} aria-hidden />
        <div className="grow">
          <Text fw={550}>
            <Trans>Drop G-code here</Trans>
          </Text>
          <Text size="sm" c="dimmed">
            <Trans>The file that your slicer exported: .gcode, .bgcode or .gcode.3mf</Trans>
          </Text>
        </div>
        <Button variant="light" onClick={() => input.current?.click()}>
          <Trans>Choose files</Trans>
        </Button>
        <input
          ref={input}
          type="file"
          multiple
          accept={gcodeEndings.join(',')}
          className="visually-hidden"
          tabIndex={-1}
          aria-label={t`G-code files`}
          onChange={({ currentTarget }) => {
            send([...(currentTarget.files ?? [])])
            currentTarget.value = ''
          }}
        />
      </div>
      <div aria-live="polite">
        {sendings.map((sending) => (
          <SendingRow key={sending.key} sending={sending} dismiss={() => dismiss(sending.key)} />
        ))}
      </div>
    </Stack>
  )
}

const SendingRow = ({ sending, dismiss }: { sending: Sending; dismiss(): void }) => {
  const { t } = useLingui()
  const { name, sizeBytes, sentBytes, state, reason } = sending
  const part = sizeBytes > 0 ? sentBytes / sizeBytes : 0
  return (
    <Group wrap="nowrap" gap="sm" className={`sending ${state}`}>
      {state === 'done' && <CircleCheck size={18} aria-hidden className="good" />}
      {state === 'failed' && <TriangleAlert size={18} aria-hidden className="bad" />}
      <div className="grow">
        <Group justify="space-between" wrap="nowrap">
          <Text size="sm" fw={550} truncate>
            {name}
          </Text>
          <Text size="xs" c="dimmed" className="figures nowrap">
            {state === 'sending' ? `${formatPercent(part)} · ${formatBytes(sizeBytes)}` : formatBytes(sizeBytes)}
          </Text>
        </Group>
        {state === 'sending' && <Progress value={part * 100} size="sm" mt={4} aria-label={t`Upload of ${name}`} />}
        {state === 'done' && (
          <Text size="sm" c="dimmed">
            <Trans>Uploaded</Trans>
          </Text>
        )}
        {reason !== null && (
          <Text size="sm" c="red">
            {reason}
          </Text>
        )}
      </div>
      <ActionIcon
        variant="subtle"
        color="gray"
        onClick={dismiss}
        aria-label={state === 'sending' ? t`Cancel the upload of ${name}` : t`Take ${name} off this list`}
      >
        <X size={16} />
      </ActionIcon>
    </Group>
  )
}
