// One pass over a file -> everything the workshop wants to know of it before it is printed.
import type { Command, CommandSink } from './command.ts'
import type { Course } from './course.ts'
import { Estimate, kindOf, TRAVEL } from './estimate.ts'
import { Interpreter } from './interpret.ts'
import { Layers, type LayerTable } from './layers.ts'
import { type Box, defaultLimits, type MachineLimits } from './machine.ts'
import { Measure } from './measure.ts'
import type { ModalState } from './modal-state.ts'
import type { MotionSink, Wait } from './motion.ts'
import { changesLimits, type LimitRules, limitsAfter, noRules } from './planning/limit-commands.ts'
import { openPlanner } from './planning/open-planner.ts'
import { OverheadCount, type OverheadRates, type Overheads, usualRates } from './planning/overheads.ts'
import type { Planner } from './planning/planner.ts'
import { slicerFilament, slicerSeconds } from './planning/slicer-count.ts'
import { arcsOfSlicer, limitsOfSlicer } from './planning/slicer-limits.ts'
import { ProgressMarks } from './progress-marks.ts'
import type { Role } from './roles.ts'
import { CommandScanner } from './scanner.ts'
import { SlicerMarks } from './slicer/marks.ts'
import type { SlicerMetadata } from './slicer/metadata.ts'
import { SlicerNotes } from './slicer/notes.ts'
import { type LabelledObjects, ObjectLabels } from './slicer/objects.ts'
import { type Thumbnail, ThumbnailReader } from './slicer/thumbnails.ts'
import { type FilamentUsage, usageOf } from './usage.ts'
import { areaOf } from './volume.ts'
import type { WarningCheck } from './warnings/warning-check.ts'

/** Lengths in mm, times in seconds, temperatures in °C, flow in mm³/s, filament in mm by tool. */
export interface Analysis {
  readonly lines: number
  readonly commands: number
  /** Motion by the planner; what else it takes is in `overheads`. */
  readonly motionSeconds: number
  readonly overheads: Overheads
  /** Motion and dwelling by place in the file. */
  readonly course: Course
  /** The file's own account of its progress (M73), or null. */
  readonly statedCourse: Course | null
  readonly secondsByRole: Partial<Record<Role | 'travel', number>>
  /** What the slicer says. */
  readonly metadata: SlicerMetadata
  /** What its own way of counting makes of the moves, in seconds; to be held against what it states. */
  readonly slicerSeconds: number
  /** The same for the filament's length. */
  readonly slicerFilament: number
  /** How many, and a table of them. */
  readonly layers: number
  readonly layerTable: LayerTable
  readonly layerHeight: number
  readonly firstLayerHeight: number
  readonly firstLayerSeconds: number
  readonly filament: readonly number[]
  /** The same as volume, mass and cost, by tool. */
  readonly usage: readonly FilamentUsage[]
  readonly peakFlow: number
  readonly meanFlow: number
  /** Where plastic is laid, there in the first layer, and where the nozzle goes at all; null where nothing moves. */
  readonly extruded: Box | null
  readonly firstLayer: Box | null
  readonly moved: Box | null
  /** The highest that is asked for. */
  readonly nozzleTemperature: number
  readonly bedTemperature: number
  readonly chamberTemperature: number
  /** 0 to 1. */
  readonly maxFan: number
  readonly thumbnails: readonly Thumbnail[]
  /** What can be left out while the rest is printed. */
  readonly objects: LabelledObjects
}

export interface AnalyserOptions {
  /** The printer's own limits. Without them: the file's, the slicer's, and usual ones. */
  readonly limits?: MachineLimits
  /** What `readHeadAndTail` has found: slicers write their settings at the end, and they are needed at the beginning. */
  readonly metadata?: SlicerMetadata | undefined
  /** Checks against printers; each tells its warnings afterwards by its own `result`. */
  readonly checks?: readonly WarningCheck[]
  readonly rates?: OverheadRates
}

const FILAMENT_DIAMETER = 1.75
const LETTER_M = 77

/** Feed it the bytes of a file in order, then ask for the `result` once. Memory stays bounded, whatever the file. */
export class Analyser implements CommandSink, MotionSink {
  readonly #scanner = new CommandScanner(this)
  readonly #interpreter: Interpreter
  readonly #planner: Planner
  readonly #checks: readonly WarningCheck[]
  readonly #rules: LimitRules
  readonly #measure = new Measure()
  readonly #layers = new Layers()
  readonly #estimate = new Estimate(this.#layers.table)
  readonly #overheads: OverheadCount
  readonly #progress = new ProgressMarks()
  readonly #notes = new SlicerNotes()
  readonly #marks = new SlicerMarks()
  readonly #thumbnails = new ThumbnailReader()
  readonly #objects = new ObjectLabels()
  #commands = 0
  #nozzle = 0
  #bed = 0
  #chamber = 0
  #fan = 0
  #homing = 0
  #flowFactor = 1
  #layersBegun = false

  constructor(options: AnalyserOptions = {}) {
    const { limits, rates, metadata } = options
    this.#checks = options.checks ?? []
    const ofSlicer = metadata === undefined ? null : limitsOfSlicer(metadata)
    this.#rules = limits ? { ...noRules, settled: settledBy(limits) } : (ofSlicer?.rules ?? noRules)
    this.#overheads = new OverheadCount(rates ?? usualRates)
    const diameter = metadata?.filaments[0]?.diameter ?? FILAMENT_DIAMETER
    const estimate = this.#estimate
    estimate.area = areaOf(diameter)
    this.#interpreter = new Interpreter(this, {
      filamentDiameter: diameter,
      volumetric: metadata?.config.volumetricE,
      arcs: metadata === undefined ? 'by-length' : arcsOfSlicer(metadata),
    })
    this.#planner = openPlanner(limits ?? ofSlicer?.limits ?? defaultLimits, (seconds, de, place, kind) =>
      estimate.take(seconds, de, place, kind),
    )
  }

  feed(chunk: Uint8Array): void {
    this.#scanner.feed(chunk)
  }

  /** Ends the file and returns what was found. */
  result(): Analysis {
    this.#scanner.end()
    this.#planner.flush()
    this.#objects.end(this.#scanner.offset)
    const measure = this.#measure
    const estimate = this.#estimate
    const metadata = this.#notes.result()
    const filament = measure.filament()
    const overheads = this.#overheads.result()
    this.#endChecks(metadata)
    const { table } = this.#layers
    const size = this.#scanner.offset
    return {
      lines: this.#scanner.line,
      commands: this.#commands,
      motionSeconds: estimate.motionSeconds,
      overheads,
      course: estimate.course(size),
      statedCourse: this.#progress.course(size),
      secondsByRole: estimate.byRole(),
      metadata,
      slicerFilament: slicerFilament(metadata, measure.written, this.#flowFactor),
      slicerSeconds: slicerSeconds(metadata, estimate.motionSeconds, this.#homing, overheads),
      layers: table.z.length,
      layerTable: table,
      layerHeight: metadata.layerHeight ?? table.height[1] ?? table.height[0] ?? 0,
      firstLayerHeight: table.z[0] ?? 0,
      firstLayerSeconds: table.seconds[0] ?? 0,
      filament,
      usage: usageOf(filament, metadata.filaments),
      peakFlow: estimate.flow.peak,
      meanFlow: estimate.flow.mean,
      extruded: measure.extruded.value(),
      firstLayer: measure.firstLayer.value(),
      moved: measure.moved.value(),
      nozzleTemperature: this.#nozzle,
      bedTemperature: this.#bed,
      chamberTemperature: this.#chamber,
      maxFan: this.#fan,
      thumbnails: this.#thumbnails.thumbnails,
      objects: this.#objects.result(),
    }
  }

  #endChecks(metadata: SlicerMetadata): void {
    const types = metadata.filaments.map(({ type }) => type ?? '')
    for (const check of this.#checks) {
      check.end({
        filamentTypes: types,
        nozzleDiameters: [...metadata.nozzleDiameters],
        printerModel: metadata.printerModel,
        flavour: metadata.flavour,
        footer: metadata.footer,
        overlongLines: this.#scanner.overlongLines,
        lines: this.#scanner.line,
      })
    }
  }

  command(command: Command): void {
    this.#commands++
    const interpreter = this.#interpreter
    // Before the interpreter: what a command does depends on how things stood.
    for (const check of this.#checks) check.command(command, interpreter.state)
    interpreter.command(command)
    if (command.letter === LETTER_M || command.letter === 0) this.#setting(command, interpreter.state)
  }

  /** Commands that move nothing: limits, heat, fans, progress. */
  #setting(command: Command, state: ModalState): void {
    this.#objects.command(command)
    if (changesLimits(command)) {
      this.#planner.limits = limitsAfter(this.#planner.limits, command, this.#rules)
    } else if (command.number === 73 && command.letter === LETTER_M) this.#progress.command(command)
    else {
      this.#overheads.targets(state, this.#estimate.motionSeconds)
      this.#nozzle = Math.max(this.#nozzle, state.nozzleTarget)
      this.#bed = Math.max(this.#bed, state.bedTarget)
      this.#chamber = Math.max(this.#chamber, state.chamberTarget)
      this.#fan = Math.max(this.#fan, state.fan)
    }
  }

  comment(bytes: Uint8Array, from: number, to: number, offset: number, line: number): void {
    if (this.#thumbnails.comment(bytes, from, to)) return
    // Objects of Cura end where a layer begins: they hear of marks too.
    this.#objects.comment(bytes, from, to, offset, line)
    const marks = this.#marks
    if (marks.comment(bytes, from, to)) {
      if (marks.layers === 1 && !this.#layersBegun) this.#beginLayers()
      return
    }
    this.#notes.comment(bytes, from, to, offset, line)
  }

  #beginLayers(): void {
    this.#layersBegun = true
    this.#flowFactor = this.#interpreter.state.flowFactor
    this.#measure.written.beginLayers()
  }

  move(dx: number, dy: number, dz: number, de: number, feedrate: number, state: ModalState, command: Command): void {
    this.#measure.move(dx, dy, dz, de, state)
    for (const check of this.#checks) check.move(dx, dy, dz, de, feedrate, state, command)
    const marks = this.#marks
    let kind = TRAVEL
    if (de > 0 && (dx !== 0 || dy !== 0)) {
      this.#layers.lay(state.z, dz, marks, command.offset)
      if (this.#layers.now === 0) this.#measure.lay(dx, dy, state)
      kind = marks.role
    }
    this.#planner.move(dx, dy, dz, de, feedrate, command.nextOffset, kindOf(this.#layers.now, kind))
  }

  wait(seconds: number, state: ModalState, command: Command, what: Wait): void {
    this.#planner.flush()
    this.#overheads.targets(state, this.#estimate.motionSeconds)
    this.#overheads.wait(what, seconds, this.#estimate.motionSeconds)
    if (what === 'dwell') this.#estimate.dwell(seconds, command.nextOffset)
    else if (what === 'home') this.#homing += seconds
  }
}

/** A printer's own speeds stand; what a file asks for moment by moment (M204, corner speeds of Klipper) does not. */
const settledBy = (limits: MachineLimits): ReadonlySet<keyof MachineLimits> =>
  new Set<keyof MachineLimits>(
    limits.model === 'klipper'
      ? ['maxFeedrate', 'maxAcceleration', 'jerk']
      : ['maxFeedrate', 'maxAcceleration', 'jerk', 'junctionDeviation'],
  )
