// What goes over a printer's wire, and a line to send something.
import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { ActionIcon, Group, ScrollArea, Switch, Text, TextInput } from '@mantine/core'
import { SendHorizontal } from 'lucide-react'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { formatTimeOfDay } from '../format.ts'
import { useConsoleLines } from '../state/fleet.ts'

export interface ConsoleViewProps {
  readonly everything: boolean
  showEverything(everything: boolean): void
  /** Absent where the person may only look. */
  send?: (line: string) => void
}

const MOST_REMEMBERED = 50
const signs = { sent: '›', file: '›', received: '‹', note: '•' } as const

export const ConsoleView = ({ everything, showEverything, send }: ConsoleViewProps) => {
  const { t } = useLingui()
  const { lines, left } = useConsoleLines()
  const viewport = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)

  // New lines are followed as long as nobody has scrolled up to read.
  useEffect(() => {
    if (atEnd.current && lines.length > 0) viewport.current?.scrollTo({ top: viewport.current.scrollHeight })
  }, [lines])

  return (
    <div>
      <ScrollArea
        h={260}
        className="console"
        viewportRef={viewport}
        onScrollPositionChange={({ y }) => {
          const element = viewport.current
          if (element) atEnd.current = y + element.clientHeight > element.scrollHeight - 30
        }}
        viewportProps={{ tabIndex: 0, role: 'log', 'aria-label': t`Lines between bridge and printer` }}
      >
        {lines.length === 0 && (
          <Text size="sm" c="dimmed" p="xs">
            <Trans>Nothing has been said yet.</Trans>
          </Text>
        )}
        {left > 0 && (
          <Text size="xs" c="dimmed" px="xs">
            <Plural value={left} one="# line came too fast to be shown." other="# lines came too fast to be shown." />
          </Text>
        )}
        {lines.map((line) => (
          <div key={line.key} className={`console-line ${line.direction}`}>
            <time dateTime={line.at}>{formatTimeOfDay(line.at)}</time>
            <span aria-hidden>{signs[line.direction]}</span>
            <code>{line.text}</code>
          </div>
        ))}
      </ScrollArea>
      <Group mt="xs" justify="space-between" align="center">
        {send && <SendLine send={send} />}
        <Switch
          label={t`Show everything`}
          checked={everything}
          onChange={({ currentTarget }) => showEverything(currentTarget.checked)}
        />
      </Group>
    </div>
  )
}

const SendLine = ({ send }: { send(line: string): void }) => {
  const { t } = useLingui()
  const [line, setLine] = useState('')
  const [sent, setSent] = useState<readonly string[]>([])
  const [back, setBack] = useState(0)

  const recall = (step: number): void => {
    const next = Math.min(sent.length, Math.max(0, back + step))
    setBack(next)
    setLine(next === 0 ? '' : (sent[next - 1] ?? ''))
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const text = line.trim()
    if (text === '') return
    send(text)
    setSent([text, ...sent].slice(0, MOST_REMEMBERED))
    setLine('')
    setBack(0)
  }
  return (
    <form onSubmit={submit} className="grow">
      <TextInput
        value={line}
        onChange={({ currentTarget }) => setLine(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return
          event.preventDefault()
          recall(event.key === 'ArrowUp' ? 1 : -1)
        }}
        placeholder="M115"
        aria-label={t`G-code to send`}
        maxLength={90}
        autoCapitalize="characters"
        autoComplete="off"
        spellCheck={false}
        classNames={{ input: 'code-input' }}
        rightSection={
          <ActionIcon type="submit" variant="subtle" aria-label={t`Send`}>
            <SendHorizontal size={17} />
          </ActionIcon>
        }
      />
    </form>
  )
}
