// Cura's engine as it comes with us, as WebAssembly: the default.
import * as Type from 'typebox'
import * as Value from 'typebox/value'
import { definitionsVersion } from '../cura/definitions.ts'
import { EngineFailed } from '../engine.ts'
import { runEngine } from '../run-engine.ts'
import { curaFiles, partFiles } from './cura-job.ts'
import { SLICE_MEGABYTES, SLICE_SECONDS, type Sliced, type SliceJob, type Slicer } from './slicer.ts'

const Answer = Type.Object({ seconds: Type.Number(), said: Type.Array(Type.String()) })

const slice = async (job: SliceJob): Promise<Sliced> => {
  const parts = partFiles(job)
  const { files, result, usage, stderr } = await runEngine({
    engine: { body: 'cura' },
    job: { parts: parts.names },
    files: new Map([...curaFiles(job), ...parts.files]),
    outputs: ['out.gcode'],
    seconds: SLICE_SECONDS,
    megabytes: SLICE_MEGABYTES,
    signal: job.signal,
    onProgress: job.onProgress,
  })
  const gcode = files.get('out.gcode')
  if (gcode === undefined) throw new EngineFailed('crashed', 'The slicer wrote nothing.', stderr)
  const seconds = Value.Check(Answer, result) ? result.seconds : null
  return { gcode, seconds, peakMegabytes: usage.peakMegabytes }
}

export const curaWasm: Slicer = {
  name: 'cura-wasm',
  title: 'Cura (embedded)',
  tree: true,
  find: async () => ({ version: `4.8, definitions ${definitionsVersion()}`, program: null }),
  slice: (_found, job) => slice(job),
}
