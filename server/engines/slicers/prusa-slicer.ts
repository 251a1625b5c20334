// PrusaSlicer's command line, where it is installed.
import type { PrintVolume } from '../../../gcode/index.ts'
import { EngineFailed } from '../engine.ts'
import { runEngine } from '../run-engine.ts'
import { partFiles, resolveSlice } from './cura-job.ts'
import { askProgram, findProgram } from './programs.ts'
import { prusaIni } from './prusa-settings.ts'
import { type FoundSlicer, SLICE_MEGABYTES, SLICE_SECONDS, type Sliced, type SliceJob, type Slicer } from './slicer.ts'

const ROUND_CORNERS = 72

/** Corners of the bed in order. */
export const outlineOf = ({ shape, width, depth, originX, originY }: PrintVolume): [number, number][] => {
  if (shape === 'rectangular') {
    return [
      [originX, originY],
      [originX + width, originY],
      [originX + width, originY + depth],
      [originX, originY + depth],
    ]
  }
  return Array.from({ length: ROUND_CORNERS }, (_, at): [number, number] => {
    const angle = (at / ROUND_CORNERS) * 2 * Math.PI
    return [originX + (Math.cos(angle) * width) / 2, originY + (Math.sin(angle) * width) / 2]
  })
}

const progressIn = (line: string): number | null => {
  const percent = /^(\d{1,3}) => /.exec(line)?.[1]
  return percent === undefined ? null : Number(percent) / 100
}

const slice = async (program: string, job: SliceJob): Promise<Sliced> => {
  const { names, files } = partFiles(job)
  const { volume, dialect, start, end } = job
  const ini = prusaIni(resolveSlice(job).values, {
    dialect,
    outline: outlineOf(volume),
    height: volume.height,
    start,
    end,
  })
  const run = await runEngine({
    engine: { program },
    // A project could bring a program to run: it never gets one, and none would be run.
    args: [
      '--export-gcode',
      ...['--load', 'slice.ini'],
      ...['--post-process', ''],
      ...['--output', 'out.gcode'],
      ...['--datadir', '.'],
      ...(names.length > 1 ? ['--merge'] : []),
      '--dont-arrange',
      ...names,
    ],
    files: new Map([['slice.ini', Buffer.from(ini)], ...files]),
    outputs: ['out.gcode'],
    seconds: SLICE_SECONDS,
    megabytes: SLICE_MEGABYTES,
    signal: job.signal,
    onProgress: job.onProgress,
    progressIn,
  })
  const gcode = run.files.get('out.gcode')
  if (gcode === undefined) throw new EngineFailed('crashed', 'The slicer wrote nothing.', run.stdout + run.stderr)
  return { gcode, seconds: null, peakMegabytes: run.usage.peakMegabytes }
}

const find = async (): Promise<FoundSlicer | null> => {
  const program = await findProgram(['prusa-slicer', 'PrusaSlicer', 'prusa-slicer-console'])
  if (program === null) return null
  const version = /PrusaSlicer-(\d[\w.]*)/.exec(await askProgram(program, ['--help']))?.[1]
  return version === undefined ? null : { version, program }
}

export const prusaSlicer: Slicer = {
  name: 'prusaslicer',
  title: 'PrusaSlicer',
  // From 2.6 on; what older ones make of it is no tree.
  tree: false,
  find,
  slice: ({ program }, job) => slice(program ?? '', job),
}
