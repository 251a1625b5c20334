// Bytes of a file -> what is found in them, saved.
import type { Analysis, Thumbnail } from '../../gcode/index.ts'
import type { Findings } from '../contract/files.ts'
import { readBlob } from '../store/blobs.ts'
import { type Database, DatabaseAway } from '../store/database.ts'
import { fileBytes, saveFailure, saveFindings } from '../store/files.ts'
import type { AnalysisThread } from './analysis-thread.ts'

/** Doing it twice is harmless: the second time writes the same. */
export const analyseFile = async (db: Database, thread: AnalysisThread, fileId: number): Promise<void> => {
  const file = await fileBytes(db, fileId)
  if (file === null) return
  try {
    const analysis = await thread.analyse(readBlob(db, file.blobId))
    const thumbnail = bestThumbnail(analysis.thumbnails)
    await saveFindings(db, fileId, { findings: findingsOf(analysis), course: analysis.course, thumbnail })
  } catch (error) {
    // The database comes back, and the file with it.
    if (error instanceof DatabaseAway) throw error
    await saveFailure(db, fileId, error instanceof Error ? error.message : String(error))
  }
}

const findingsOf = (analysis: Analysis): Findings => {
  const { notes } = analysis
  return {
    lines: analysis.lines,
    commands: analysis.commands,
    motionSeconds: analysis.motionSeconds,
    statedSeconds: notes.seconds ?? null,
    slicer: notes.slicer ? `${notes.slicer.name} ${notes.slicer.version}`.trim() : null,
    layers: notes.layers ?? analysis.layers,
    layerHeight: analysis.layerHeight,
    firstLayerHeight: analysis.firstLayerHeight,
    filament: [...analysis.filament],
    filamentType: notes.filamentType ?? null,
    filamentGrams: notes.filamentGrams ?? null,
    nozzleDiameter: notes.nozzleDiameter ?? null,
    printerModel: notes.printerModel ?? null,
    extruded: analysis.extruded,
    moved: analysis.moved,
    nozzleTemperature: analysis.nozzleTemperature,
    bedTemperature: analysis.bedTemperature,
  }
}

/** The largest that a browser can show. */
const bestThumbnail = (thumbnails: readonly Thumbnail[]): Buffer | null => {
  const shown = thumbnails.filter(({ format }) => format === 'png' || format === 'jpg')
  const best = shown.sort((one, other) => other.width * other.height - one.width * one.height)[0]
  if (best === undefined) return null
  const bytes = Buffer.from(best.base64, 'base64')
  const isPng = bytes.subarray(0, 8).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))
  const isJpg = bytes[0] === 0xff && bytes[1] === 0xd8
  return isPng || isJpg ? bytes : null
}
