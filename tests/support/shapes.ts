// The work of the server on models and slices, carried out by hand and in turn: tests do not wait for queues.
import { askDesignModels } from '../../server/desk/design-models.ts'
import { toStl } from '../../server/geometry/mesh.ts'
import type { Database } from '../../server/store/database.ts'
import { openWork } from '../../server/store/model-work.ts'
import { unreadModels } from '../../server/store/models.ts'
import { makeModel } from '../../server/work/make-model.ts'
import { readModelFile } from '../../server/work/read-model.ts'
import { box } from './slice-meshes.ts'

/** Reads and makes all that waits. */
export const workOff = async (db: Database): Promise<void> => {
  await askDesignModels(db)
  for (const id of await unreadModels(db)) await readModelFile(db, id)
  for (const { id, round } of await openWork(db)) await makeModel(db, id, round)
}

/** A box as STL. */
export const boxStl = (x: number, y: number, z: number): Buffer => Buffer.from(toStl(box(x, y, z)).buffer)

/** A script with two parameters. */
export const plateScad = '// How wide\nwidth = 12; // [5:40]\nlabel = "ours";\ncube([width, 10, 4]);\n'

/** G-code that prints nothing worth having, but is whole. */
export const readyGcode = 'G28\nM104 S200\nM109 S200\nG1 Z0.2 F600\nG1 X20 Y20 F3000\nG1 X60 Y20 E2 F1200\nM104 S0\n'
