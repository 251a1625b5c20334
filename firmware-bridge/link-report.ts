// What people are told of a connection, and what they say of it.
import type { LinkReport, PrinterProfile, Telemetry } from '../server/contract/printers.ts'
import type { Connection, ConnectRequest } from './connect.ts'
import type { LinkQuality } from './link-quality.ts'

const hundredth = (value: number): number => Math.round(value * 100) / 100

const linkReportOf = (quality: LinkQuality): LinkReport => ({
  linesSent: quality.linesSent,
  linesPerSecond: Math.round(quality.linesPerSecond * 10) / 10,
  resends: quality.resends,
  okLatency: hundredth(quality.okLatency),
  okLatencyP99: hundredth(quality.okLatencyP99),
  underruns: quality.knowsUnderruns ? quality.underruns : null,
  depth: quality.depth,
  steppedDown: quality.steppedDown,
})

/** What telemetry tells of a link; null where there is none. */
const linkNumbersOf = (
  quality: LinkQuality | null,
): Pick<Telemetry, 'linesSent' | 'resends' | 'okLatency' | 'link'> => {
  if (quality === null) return { linesSent: 0, resends: 0, okLatency: 0 }
  const { linesSent, resends, okLatency } = quality
  return { linesSent, resends, okLatency: hundredth(okLatency), link: linkReportOf(quality) }
}

/** What telemetry tells of who is at the other end, and of the way there. */
export const connectionTold = (
  connection: Connection | null,
): Pick<Telemetry, 'firmware' | 'dialect' | 'linesSent' | 'resends' | 'okLatency' | 'link'> =>
  connection === null
    ? { firmware: null, ...linkNumbersOf(null) }
    : {
        firmware: connection.facts.name,
        dialect: connection.facts.dialect,
        ...linkNumbersOf(connection.link.quality),
      }

/** What the set-up says of the talk with a printer. */
export const talkOf = ({
  dialect,
  mostInFlight,
}: PrinterProfile): Pick<ConnectRequest, 'dialect' | 'mostInFlight'> => ({
  dialect: dialect ?? 'auto',
  ...(mostInFlight === undefined ? {} : { mostInFlight }),
})
