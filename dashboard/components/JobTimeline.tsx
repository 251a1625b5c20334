// What happened to a job, newest first.
import { useLingui } from '@lingui/react/macro'
import { Text, Timeline } from '@mantine/core'
import type { EventValue, JobEvent } from '../../server/contract/job-events.ts'
import { formatInstant } from '../format.ts'

export const JobTimeline = ({ events }: { events: readonly JobEvent[] }) => {
  const told = useTold()
  return (
    <Timeline bulletSize={12} lineWidth={2} active={events.length}>
      {events.toReversed().map((event) => {
        const { title, more } = told(event)
        return (
          <Timeline.Item key={event.id} title={title} lineVariant="solid">
            {more && (
              <Text size="sm" className="break-anywhere">
                {more}
              </Text>
            )}
            <Text size="xs" c="dimmed">
              {[formatInstant(event.at), event.by].filter(Boolean).join(' · ')}
            </Text>
          </Timeline.Item>
        )
      })}
    </Timeline>
  )
}

interface Told {
  readonly title: string
  readonly more: string | null
}

const useTold = (): ((event: JobEvent) => Told) => {
  const { t } = useLingui()
  const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)
  const state = useStateWords()
  const changes = useChanges()
  return ({ kind, values }) => {
    const printer = text(values['printer']) ?? ''
    const reason = text(values['reason'])
    switch (kind) {
      case 'made':
        return { title: t`Queued`, more: null }
      case 'state':
        return { title: state.job(text(values['to']) ?? ''), more: null }
      case 'print':
        return { title: `${printer}: ${state.print(text(values['state']) ?? '')}`, more: reason }
      case 'changed':
        return { title: t`Changed`, more: changes(values) }
      case 'held':
        return { title: t`Held`, more: null }
      case 'released':
        return { title: t`Released`, more: null }
      case 'moved':
        return { title: t`Moved in the queue`, more: null }
      case 'approval':
        return { title: state.approval(text(values['to']) ?? ''), more: reason }
      case 'decided':
        return { title: state.decision(text(values['decision']) ?? ''), more: null }
      case 'printer-out':
        return { title: t`${printer} is out of service`, more: reason }
      case 'printer-back':
        return { title: t`${printer} is in service again`, more: null }
    }
  }
}

/** `Copies: 5 · Note: –`. */
const useChanges = (): ((values: JobEvent['values']) => string) => {
  const { t } = useLingui()
  const names: Readonly<Record<string, string>> = {
    copies: t`Copies`,
    materialWanted: t`Material`,
    colourWanted: t`Colour`,
    nozzleWanted: t`Nozzle`,
    printerId: t`Printer`,
    printerTags: t`Tag`,
    earliestStart: t`Not before`,
    wantedBy: t`Wanted by`,
    note: t`Note`,
    attendStart: t`Somebody is there at the start`,
    priority: t`Urgency`,
  }
  const shown = (wish: string, value: EventValue): string => {
    if (value === null || value === '') return '–'
    return wish === 'earliestStart' || wish === 'wantedBy' ? formatInstant(String(value)) : String(value)
  }
  return (values) =>
    Object.entries(values)
      .map(([wish, value]) => `${names[wish] ?? wish}: ${shown(wish, value)}`)
      .join(' · ')
}

const useStateWords = () => {
  const { t } = useLingui()
  const pick = (words: Readonly<Record<string, string>>) => (word: string) => words[word] ?? word
  return {
    job: pick({
      queued: t`Waits`,
      printing: t`Prints`,
      undecided: t`Needs a decision`,
      done: t`Done`,
      cancelled: t`Cancelled`,
    }),
    print: pick({
      dispatched: t`sent`,
      refused: t`not taken`,
      printing: t`prints`,
      paused: t`paused`,
      completed: t`complete`,
      failed: t`failed`,
      cancelled: t`cancelled`,
      interrupted: t`interrupted`,
    }),
    approval: pick({ asked: t`Asks for a yes`, approved: t`Approved`, refused: t`Refused` }),
    decision: pick({ again: t`To be printed again`, done: t`Good as it is`, cancelled: t`Given up` }),
  }
}
