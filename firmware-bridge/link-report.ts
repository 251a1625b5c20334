// The quality of a link -> what people are told of it.
import type { LinkReport, Telemetry } from '../server/contract/printers.ts'
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
export const linkNumbersOf = (
  quality: LinkQuality | null,
): Pick<Telemetry, 'linesSent' | 'resends' | 'okLatency' | 'link'> => {
  if (quality === null) return { linesSent: 0, resends: 0, okLatency: 0 }
  const { linesSent, resends, okLatency } = quality
  return { linesSent, resends, okLatency: hundredth(okLatency), link: linkReportOf(quality) }
}
