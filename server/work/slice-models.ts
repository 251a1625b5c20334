// One slice, from the wish to a file that may be queued.
import { CommandScanner } from '../../gcode/index.ts'
import type { PrinterProfile } from '../contract/printers.ts'
import { type Refusal, Refused, refuse } from '../contract/refusals.ts'
import type { SliceRemark } from '../contract/slicing.ts'
import { checkedPrinter } from '../domain/check-file.ts'
import { commonProfile, dialectOf, type SlicedPrinter } from '../domain/printer-classes.ts'
import { finishSlice as finished } from '../domain/slice-finish.ts'
import { type Expected, type Laid, LaidReader, refuseSlice } from '../domain/slice-gate.ts'
import { type EngineOrder, middleOf, orderFor, printersFor, type SlicePlan } from '../domain/slice-plan.ts'
import { PLAIN_MACHINE } from '../engines/cura/definitions.ts'
import type { FormulaValue } from '../engines/cura/expression-tree.ts'
import { moved, stlOf } from '../engines/place-mesh.ts'
import { resolveSlice } from '../engines/slicers/cura-job.ts'
import type { SliceJob } from '../engines/slicers/slicer.ts'
import { presentSlicer } from '../engines/slicers/slicers.ts'
import type { Database } from '../store/database.ts'
import type { AnalysisThread } from './analysis-thread.ts'
import { type MeasuredPlate, measurePlate, readParts } from './slice-plate.ts'

/** Bytes after which others get their turn. */
const AT_ONCE = 1 << 18
const END_BYTES = 1 << 20

export interface MadeSlice {
  readonly pieces: readonly Buffer[]
  readonly filamentMillimetres: number
  readonly grams: number | null
  readonly remarks: readonly SliceRemark[]
}

export interface SliceTools {
  readonly db: Database
  readonly thread: AnalysisThread
  readonly signal: AbortSignal
  readonly onProgress: (fraction: number) => void
  /** The engine is done; what it wrote is looked through. */
  readonly onCheck: () => Promise<void>
}

/** Throws Refused where the wish cannot be met or the gate stays shut, EngineFailed where an engine fails. */
export const makeSlice = async (plan: SlicePlan, tools: SliceTools): Promise<MadeSlice> => {
  const present = await presentSlicer(plan.engine)
  if (present === null) throw new Refused(refuse('slice.engine', { engine: plan.engine }))
  const parts = await readParts(tools.db, plan.parts, tools.signal)
  const plate = await measurePlate(parts, tools.signal)
  const printers = accepted(printersFor(plan, plate.facts.box))
  const first = accepted(orderFor(plan, printers, atMiddle(plate, printers)))
  const { x, y } = middleOf(first.profile)
  const stls = await Promise.all(parts.map(({ mesh, matrix }) => stlOf(mesh, moved(matrix, x, y, 0))))
  const job: SliceJob = {
    ...jobOf(plan, first),
    parts: parts.map(({ name }, place) => ({ name, stl: stls[place] ?? new Uint8Array() })),
    signal: tools.signal,
    onProgress: tools.onProgress,
  }
  const sliced = await present.slicer.slice(present.found, job)
  await tools.onCheck()
  const expected = expectedOf(job, atMiddle(plate, printers), plate)
  const laid = await readLaid(sliced.gcode, expected)
  const wrong = refuseSlice(laid, expected)
  if (wrong !== null) throw new Refused(wrong)
  const pieces = finished(sliced.gcode, {
    comments: [
      `Sliced by Auzolan for ${printers.map(({ name }) => name).join(', ')}`,
      `Material: ${plan.material.name}`,
      `Quality: ${plan.quality.name}`,
    ],
    pictures: [
      { png: plate.small, size: 256 },
      { png: plate.large, size: 512 },
    ],
    seconds: sliced.seconds,
  })
  await checkPrinters(pieces, printers, tools.thread)
  const volume = laid.partVolume + laid.besidesVolume
  const { density } = plan.material
  return {
    pieces,
    filamentMillimetres: volume / expected.filamentArea,
    // g/cm³ and mm³
    grams: density === null ? null : (volume * density) / 1000,
    remarks: remarksOn(plan, printers),
  }
}

const accepted = <T extends object>(found: T): Exclude<T, Refusal> => {
  if (isRefusal(found)) throw new Refused(found)
  return found as Exclude<T, Refusal>
}

const isRefusal = (found: object): found is Refusal => 'code' in found && 'message' in found

/** The plate's box where it will stand: parts come about the origin. */
const atMiddle = ({ facts: { box } }: MeasuredPlate, printers: readonly SlicedPrinter[]) => {
  const { x, y } = middleOf(commonProfile(printers))
  return { ...box, minX: box.minX + x, maxX: box.maxX + x, minY: box.minY + y, maxY: box.maxY + y }
}

const jobOf = (plan: SlicePlan, { profile, wishes, start, end }: EngineOrder): Omit<SliceJob, 'parts'> => ({
  machine: plan.printers[0]?.slicing.definition ?? PLAIN_MACHINE,
  wishes: new Map<string, FormulaValue>(Object.entries(wishes)),
  volume: profile,
  dialect: dialectOf(profile),
  start,
  end,
})

const expectedOf = (job: SliceJob, box: Expected['box'], { facts }: MeasuredPlate): Expected => {
  const { values } = resolveSlice(job)
  const number = (key: string): number => {
    const value = values.get(key)
    return typeof value === 'number' ? value : 0
  }
  const hasRaft = values.get('adhesion_type') === 'raft'
  const raft =
    number('raft_base_thickness') +
    number('raft_interface_thickness') +
    number('raft_surface_layers') * number('raft_surface_thickness') +
    number('raft_airgap')
  return {
    box,
    volume: facts.volume,
    area: facts.area,
    layerHeight: Math.max(number('layer_height'), number('layer_height_0')),
    lineWidth: number('line_width'),
    raftHeight: hasRaft ? raft : 0,
    infill: number('infill_sparse_density') / 100,
    flow: number('material_flow') / 100,
    filamentArea: (Math.PI / 4) * number('material_diameter') ** 2,
    dialect: job.dialect,
  }
}

const readLaid = async (gcode: Buffer, { dialect, filamentArea }: Expected): Promise<Laid> => {
  const reader = new LaidReader(dialect, filamentArea)
  const scanner = new CommandScanner(reader)
  for (let at = 0; at < gcode.length; at += AT_ONCE) {
    scanner.feed(gcode.subarray(at, at + AT_ONCE))
    await new Promise((resolve) => setImmediate(resolve))
  }
  scanner.end()
  return reader.laid
}

/** What an upload would only be warned of is not made by us at all. */
const checkPrinters = async (
  pieces: readonly Buffer[],
  printers: readonly SlicedPrinter[],
  thread: AnalysisThread,
): Promise<void> => {
  const all = Buffer.concat(pieces)
  const chunks = async function* (): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < all.length; at += END_BYTES) yield all.subarray(at, at + END_BYTES)
  }
  const checked = (profile: PrinterProfile) => checkedPrinter({ ...profile, dialect: dialectOf(profile) })
  const { warnings } = await thread.analyse(chunks(), {
    head: all.subarray(0, END_BYTES),
    tail: all.subarray(Math.max(0, all.length - END_BYTES)),
    sizeBytes: all.length,
    printers: printers.map(({ name, profile }) => ({ key: name, printer: checked(profile) })),
  })
  for (const { key, warnings: told } of warnings) {
    const worst = told.find(({ severity }) => severity === 'refuse')
    if (worst !== undefined) throw new Refused(refuse('slice.harm', { printer: key, reason: worst.message }))
  }
}

const remarksOn = (plan: SlicePlan, printers: readonly SlicedPrinter[]): SliceRemark[] => {
  const left = plan.printers.filter(({ id }) => !printers.some((one) => one.id === id))
  if (left.length === 0) return []
  const names = left.map(({ name }) => name).join(', ')
  return [{ code: 'slice.not-for', message: `It is too large or too hot for ${names}.` }]
}
