// OrcaSlicer's command line, where it is installed. It takes complete JSON files by kind and writes `plate_1.gcode`.
// https://github.com/SoftFever/OrcaSlicer/wiki/Command-line-Usage
import type { FormulaValue } from '../cura/expression-tree.ts'
import { EngineFailed } from '../engine.ts'
import { runEngine } from '../run-engine.ts'
import { partFiles, resolveSlice } from './cura-job.ts'
import { orcaFiles } from './orca-settings.ts'
import { askProgram, findProgram } from './programs.ts'
import { outlineOf } from './prusa-slicer.ts'
import { type FoundSlicer, SLICE_MEGABYTES, SLICE_SECONDS, type Sliced, type SliceJob, type Slicer } from './slicer.ts'

const slice = async (program: string, job: SliceJob): Promise<Sliced> => {
  const { names, files } = partFiles(job)
  const { volume, dialect, start, end } = job
  const values: ReadonlyMap<string, FormulaValue> = resolveSlice(job).values
  const settings = orcaFiles(values, { dialect, outline: outlineOf(volume), height: volume.height, start, end })
  // Some versions want a display even so.
  const display = await findProgram(['xvfb-run'])
  const args = [
    ...['--load-settings', 'machine.json;process.json'],
    ...['--load-filaments', 'filament.json'],
    ...['--arrange', '0', '--orient', '0', '--ensure-on-bed'],
    ...['--datadir', '.', '--outputdir', '.'],
    ...['--slice', '0'],
    ...names,
  ]
  const run = await runEngine({
    engine: { program: display ?? program },
    args: display === null ? args : ['-a', program, ...args],
    files: new Map<string, Uint8Array>([...settings, ...files]),
    outputs: ['plate_1.gcode'],
    seconds: SLICE_SECONDS,
    megabytes: SLICE_MEGABYTES,
    signal: job.signal,
    onProgress: job.onProgress,
  })
  const gcode = run.files.get('plate_1.gcode')
  if (gcode === undefined) throw new EngineFailed('crashed', 'The slicer wrote nothing.', run.stdout + run.stderr)
  return { gcode, seconds: null, peakMegabytes: run.usage.peakMegabytes }
}

const find = async (): Promise<FoundSlicer | null> => {
  const program = await findProgram(['orca-slicer', 'OrcaSlicer'])
  if (program === null) return null
  const version = /OrcaSlicer[- ](\d[\w.]*)/.exec(await askProgram(program, ['--help']))?.[1]
  return version === undefined ? null : { version, program }
}

export const orcaSlicer: Slicer = {
  name: 'orcaslicer',
  title: 'OrcaSlicer',
  tree: true,
  find,
  slice: ({ program }, job) => slice(program ?? '', job),
}
