// What lies on one printer's line: claims above, prints that run and jobs that will below.
import { useLingui } from '@lingui/react/macro'
import { CalendarHeart, Lock, UserRound, Wrench } from 'lucide-react'
import { memo } from 'react'
import type { Claim } from '../../../server/contract/bookings.ts'
import type { CalendarPrint, CalendarPromise } from '../../../server/contract/calendar.ts'
import { type Axis, placeOf } from './axis.ts'
import type { SiteTimes } from './site-time.ts'
import { isMovable, type Sketch } from './taken.ts'
import { useClaimWords } from './use-claim-words.ts'
import { useSiteTimes } from './use-site-times.ts'

export interface BlocksProps {
  readonly axis: Axis
  readonly now: number
  readonly claims: readonly Claim[]
  readonly prints: readonly CalendarPrint[]
  readonly promises: readonly CalendarPromise[]
}

export const TimelineBlocks = memo(({ axis, now, claims, prints, promises }: BlocksProps) => (
  <div aria-hidden>
    {claims.map((claim) => (
      <ClaimBlock key={claim.id} claim={claim} axis={axis} now={now} />
    ))}
    {prints.map((print) => (
      <PrintBlock key={print.printId} print={print} axis={axis} />
    ))}
    {promises.map((promise) => (
      <PromiseBlock key={promise.jobId} promise={promise} axis={axis} />
    ))}
  </div>
))

const lookOf = (claim: Claim): string => {
  if (claim.kind === 'maintenance' || claim.kind === 'event') return claim.kind
  if (claim.state === 'held') return claim.mine ? 'mine held' : 'others held'
  const over = claim.state === 'completed' || claim.state === 'released_early' ? ' over' : ''
  return `${claim.mine ? 'mine' : 'others'}${over}`
}

const ClaimBlock = ({ claim, axis, now }: { claim: Claim; axis: Axis; now: number }) => {
  const times = useSiteTimes()
  const words = useClaimWords()
  const [from, to] = [Date.parse(claim.start), Date.parse(claim.end)]
  const place = placeOf(axis, from, to)
  const clearing = placeOf(axis, to, Date.parse(claim.clearBy))
  const name = words.name(claim)
  const movable = isMovable(claim, now)
  return (
    <>
      {place && (
        <div
          data-claim={claim.id}
          className={`block claim ${lookOf(claim)}${movable ? ' movable' : ''}`}
          style={place}
          title={`${name} · ${times.span(from, to)}`}
        >
          <BlockIcon claim={claim} />
          <span className="block-name">{words.short(claim)}</span>
        </div>
      )}
      {clearing && <div className="block clearing" style={clearing} />}
    </>
  )
}

const BlockIcon = ({ claim }: { claim: Claim }) => {
  if (claim.kind === 'maintenance') return <Wrench size={13} className="block-icon" />
  if (claim.kind === 'event') return <CalendarHeart size={13} className="block-icon" />
  return claim.mine ? <UserRound size={12} className="block-icon" /> : <Lock size={12} className="block-icon" />
}

const untilOf = (times: SiteTimes, early: string, late: string): string => {
  const [first, last] = [times.clock(early), times.clock(late)]
  return first === last ? first : `${first}–${last}`
}

const PrintBlock = ({ print, axis }: { print: CalendarPrint; axis: Axis }) => {
  const { t } = useLingui()
  const times = useSiteTimes()
  const { p50, p90 } = print.finish
  const from = Date.parse(print.startedAt ?? p50)
  const [middle, last] = [Date.parse(p50), Date.parse(p90)]
  const solid = placeOf(axis, from, middle)
  const tail = placeOf(axis, middle, last)
  const whose = print.mine ? t`Mine` : print.memberName
  const until = untilOf(times, p50, p90)
  const text = whose === null ? t`Printing until ${until}` : t`${whose}, printing until ${until}`
  return (
    <>
      {solid && (
        <div className="block printing" style={solid} title={text}>
          <span className="block-name">{text}</span>
        </div>
      )}
      {tail && <div className="block printing-tail" style={tail} title={text} />}
    </>
  )
}

const PromiseBlock = ({ promise, axis }: { promise: CalendarPromise; axis: Axis }) => {
  const { t } = useLingui()
  const times = useSiteTimes()
  const place = placeOf(axis, Date.parse(promise.start.p50), Date.parse(promise.finish.p50))
  const whose = promise.mine ? t`Mine` : promise.memberName
  const from = times.clock(promise.start.p50)
  const text = whose === null ? t`Queue, probably from ${from}` : t`${whose} (queue), probably from ${from}`
  if (place === null) return null
  return (
    <div className="block promise" style={place} title={text}>
      <span className="block-name">{text}</span>
    </div>
  )
}

/** What is being drawn. */
export const SketchBlock = ({ sketch, axis, taken }: { sketch: Sketch; axis: Axis; taken: boolean }) => {
  const times = useSiteTimes()
  const place = placeOf(axis, sketch.from, sketch.to)
  if (place === null) return null
  return (
    <div className={taken ? 'block sketch taken' : 'block sketch'} style={place} aria-hidden>
      <span className="sketch-time">
        {times.clock(sketch.from)}–{times.clock(sketch.to)}
      </span>
    </div>
  )
}
