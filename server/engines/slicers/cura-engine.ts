// Cura's engine as a program, where it is installed.

import type { FormulaValue } from '../cura/expression-tree.ts'
import { EngineFailed } from '../engine.ts'
import { runEngine } from '../run-engine.ts'
import { curaFiles, partFiles } from './cura-job.ts'
import { askProgram, findProgram } from './programs.ts'
import { type FoundSlicer, SLICE_MEGABYTES, SLICE_SECONDS, type Sliced, type SliceJob, type Slicer } from './slicer.ts'

/** Settings that 4.9 to 4.13 need besides those of the embedded engine, as they are where nobody chooses. */
const newer: ReadonlyMap<string, FormulaValue> = new Map<string, FormulaValue>([
  ['machine_extruders_share_nozzle', false],
  ['roofing_monotonic', false],
  ['skin_monotonic', false],
  ['ironing_monotonic', false],
])

const progressIn = (line: string): number | null => {
  const share = /Progress:\s*\S+\s+([\d.]+)\s*%/.exec(line)?.[1]
  return share === undefined ? null : Math.min(1, Number(share) / 100)
}

const slice = async (program: string, job: SliceJob): Promise<Sliced> => {
  const { names, files } = partFiles(job)
  const run = await runEngine({
    engine: { program },
    args: ['slice', '-p', '-j', 'printer.def.json', '-o', 'out.gcode', '-e0', ...names.flatMap((name) => ['-l', name])],
    files: new Map<string, Uint8Array>([...curaFiles(job, newer), ...files]),
    outputs: ['out.gcode'],
    seconds: SLICE_SECONDS,
    megabytes: SLICE_MEGABYTES,
    signal: job.signal,
    onProgress: job.onProgress,
    progressIn,
  })
  const gcode = run.files.get('out.gcode')
  if (gcode === undefined) throw new EngineFailed('crashed', 'The slicer wrote nothing.', run.stderr)
  const seconds = /Print time \(s\): ([\d.]+)/.exec(run.stderr)?.[1]
  return { gcode, seconds: seconds === undefined ? null : Number(seconds), peakMegabytes: run.usage.peakMegabytes }
}

/** Its settings change with each version; beyond this one they are others. */
const find = async (): Promise<FoundSlicer | null> => {
  const program = await findProgram(['CuraEngine', 'curaengine', 'cura-engine'])
  if (program === null) return null
  const version = /version (\d[\w.]*)/.exec(await askProgram(program, ['help']))?.[1]
  return version !== undefined && /^4\./.test(version) ? { version, program } : null
}

export const curaEngine: Slicer = {
  name: 'curaengine',
  title: 'CuraEngine',
  tree: true,
  find,
  slice: ({ program }, job) => slice(program ?? '', job),
}
