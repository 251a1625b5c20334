// What a job needs of a printer, and what of a printer matters to jobs: printers of one kind are asked once.
import { overhang } from '../../../gcode/index.ts'
import type { Findings } from '../../contract/files.ts'
import type { PrinterProfile } from '../../contract/printers.ts'
import { type Found, found } from '../../contract/reasons.ts'
import { refusalsOf } from '../check-file.ts'
import { isColour } from '../colour.ts'
import type { SchedulePrinter, WaitingJob } from './snapshot.ts'

/** Slicers lay their priming line just beyond the edge; printers reach a little further than their bed. */
const BEYOND_EDGE = 5

/** They warp and split in a draught. */
const wantEnclosure = new Set(['ABS', 'ASA', 'PC', 'HIPS'])

export interface Need {
  readonly job: WaitingJob
  readonly findings: Findings
  readonly material: string
  readonly nozzle: number | null
  /** By the estimate, in seconds, heating and homing included. */
  readonly seconds: number
}

/** Null where the file has not been read. */
export const needOf = (job: WaitingJob): Need | null => {
  const { findings } = job
  if (findings === null) return null
  return {
    job,
    findings,
    material: materialOf(job.materialWanted ?? findings.filamentType),
    nozzle: job.nozzleWanted ?? findings.nozzleDiameter,
    seconds: estimateOf(findings),
  }
}

/** What slicers call it, without its make: `PLA+` and `pla` are PLA. */
export const materialOf = (name: string | null): string => /^[A-Za-z0-9]+/.exec(name ?? '')?.[0]?.toUpperCase() ?? ''

export const estimateOf = ({ statedSeconds, motionSeconds, overheadSeconds }: Findings): number =>
  Math.max(60, (statedSeconds ?? motionSeconds) + overheadSeconds)

/** Printers between which jobs need not choose. */
export interface PrinterKind {
  readonly key: string
  /** Without what is loaded. */
  readonly shapeKey: string
  readonly like: SchedulePrinter
  readonly materials: ReadonlySet<string>
}

export const kindOf = (printer: SchedulePrinter): PrinterKind => {
  const { model, profile, tags, enclosed, loaded } = printer
  const spools = loaded?.map(({ tool, material, colour, gramsLeft }) => [tool, material, colour, gramsLeft])
  const shapeKey = JSON.stringify([model, Object.values(profile), [...tags].sort(), enclosed])
  return {
    key: `${shapeKey} ${JSON.stringify(spools)}`,
    shapeKey,
    like: printer,
    materials: new Set((loaded ?? []).map(({ material }) => materialOf(material))),
  }
}

const nothing: readonly Found[] = []

/** Why no printer of this kind can print it, whatever people do; empty where it can. */
export const mismatches = (need: Need, { like }: PrinterKind): readonly Found[] => {
  const { job, findings, material, nozzle } = need
  const missing = job.printerTags.find((tag) => !like.tags.includes(tag))
  const why = boxAndHeat(findings, like.profile)
  if (nozzle !== null && Math.abs(nozzle - like.profile.nozzleDiameter) > 0.01) {
    why.push(found('match.nozzle', { wanted: nozzle, has: like.profile.nozzleDiameter }))
  }
  if (like.enclosed === false && wantEnclosure.has(material)) why.push(found('match.enclosure', { material }))
  if (missing !== undefined) why.push(found('match.tag', { tag: missing }))
  if (why.length > 0) return why
  if (findings.warnings.length === 0) return nothing
  // What the boxes and temperatures tell already is not told twice.
  return refusalsOf(findings, like.profile).map(({ message }) =>
    found('match.warning', { reason: message.replace(/\.$/, '') }),
  )
}

/** What of the file itself stands against a printer with this profile. */
export const boxAndHeat = (findings: Findings, profile: PrinterProfile): Found[] => {
  const why: Found[] = []
  if (findings.extruded) {
    const out = overhang(findings.extruded, profile)
    if (out.z > 0) why.push(found('match.too-tall', { millimetres: atLeastOne(out.z) }))
    if (out.x > BEYOND_EDGE) why.push(found('match.too-wide', { millimetres: atLeastOne(out.x) }))
    if (out.y > BEYOND_EDGE) why.push(found('match.too-deep', { millimetres: atLeastOne(out.y) }))
  }
  const { maxNozzleTemperature, maxBedTemperature } = profile
  if (findings.nozzleTemperature > maxNozzleTemperature) {
    why.push(found('match.nozzle-heat', { wanted: findings.nozzleTemperature, most: maxNozzleTemperature }))
  }
  if (findings.bedTemperature > maxBedTemperature) {
    why.push(found('match.bed-heat', { wanted: findings.bedTemperature, most: maxBedTemperature }))
  }
  return why
}

/** What a person must load first; null where it can print with what is loaded, or nobody knows what that is. */
export const swapFor = ({ job, material }: Need, { like }: PrinterKind): Found | null => {
  if (like.loaded === null) return null
  const colour = job.colourWanted
  const fitting = like.loaded.filter(
    (spool) =>
      (material === '' || materialOf(spool.material) === material) &&
      (colour === null || spool.colour === null || isColour(colour, spool.colour)),
  )
  if (fitting.length === 0) {
    const has = like.loaded.map((spool) => [spool.colour, spool.material].filter(Boolean).join(' ')).join(', ')
    const wanted = [job.colourWanted, job.materialWanted ?? material].filter(Boolean).join(' ')
    return found('match.swap', { wanted: wanted === '' ? 'a filament' : wanted, has: has === '' ? 'nothing' : has })
  }
  const grams = job.gramsByTool.reduce((sum, one) => sum + one, 0)
  const left = Math.max(...fitting.map(({ gramsLeft }) => gramsLeft ?? Number.POSITIVE_INFINITY))
  return grams > left ? found('match.grams', { wanted: Math.ceil(grams), has: Math.floor(left) }) : null
}

/** Below this a printer is cool enough to touch, °C (EN ISO 13732-1: metal, contact of some seconds, with a margin). */
const TOUCHABLE = 50
/** Warmer than wanted by more than this, a printer cools first: firmware waits for heat, and not for cold. °C */
const WARMER_BY = { bed: 5, nozzle: 15 } as const

/** What of the printer is too warm for this job to begin; null where it is cool enough to touch, or warm as wanted. */
export const tooWarm = ({ findings }: Need, { bedNow, nozzleNow }: SchedulePrinter): Found | null => {
  const hot = (now: number | undefined, wanted: number, by: number): boolean =>
    now !== undefined && wanted > 0 && now > Math.max(TOUCHABLE, wanted + by)
  if (hot(bedNow, findings.bedTemperature, WARMER_BY.bed)) {
    return found('printer.bed-warm', { has: Math.round(bedNow ?? 0), wanted: findings.bedTemperature })
  }
  if (hot(nozzleNow, findings.nozzleTemperature, WARMER_BY.nozzle)) {
    return found('printer.nozzle-warm', { has: Math.round(nozzleNow ?? 0), wanted: findings.nozzleTemperature })
  }
  return null
}

const atLeastOne = (length: number): number => Math.max(1, Math.round(length))
