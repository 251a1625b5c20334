// Bytes of a file -> what is found in them, saved.
import type { Analysis, LabelledObjects, Thumbnail } from '../../gcode/index.ts'
import { BadPicture } from '../../gcode/pictures/bad-picture.ts'
import { toPng } from '../../gcode/pictures/to-png.ts'
import type { Findings } from '../contract/files.ts'
import type { PrinterProfile } from '../contract/printers.ts'
import { checkedPrinter, isTold, profileKey } from '../domain/check-file.ts'
import { readBlob } from '../store/blobs.ts'
import { type Database, DatabaseAway } from '../store/database.ts'
import { fileBytes, saveFailure, saveFindings } from '../store/files.ts'
import { listPrinters } from '../store/printers.ts'
import type { AnalysisThread, Found } from './analysis-thread.ts'

const MOST_OBJECT_NAMES = 200
/** Slicers say who they are at the beginning of a file, and their settings at its end. */
const END_BYTES = 1 << 20

/** Doing it twice is harmless: the second time writes the same. */
export const analyseFile = async (db: Database, thread: AnalysisThread, fileId: number): Promise<void> => {
  const file = await fileBytes(db, fileId)
  if (file === null) return
  try {
    const profiles = new Map((await listPrinters(db)).map(({ profile }) => [profileKey(profile), profile]))
    const found = await thread.analyse(readBlob(db, file.blobId), {
      head: await bytesOf(db, file.blobId, 0),
      tail: await bytesOf(db, file.blobId, Math.max(0, file.sizeBytes - END_BYTES)),
      sizeBytes: file.sizeBytes,
      printers: [...profiles].map(([key, profile]) => ({ key, printer: checkedPrinter(profile) })),
    })
    const { course, thumbnails } = found.analysis
    await saveFindings(db, fileId, {
      findings: findingsOf(found, profiles),
      course,
      thumbnail: bestThumbnail(thumbnails),
    })
  } catch (error) {
    // The database comes back, and the file with it.
    if (error instanceof DatabaseAway) throw error
    await saveFailure(db, fileId, error instanceof Error ? error.message : String(error))
  }
}

/** So many bytes from there on. */
const bytesOf = async (db: Database, blobId: number, from: number): Promise<Uint8Array> => {
  const parts: Buffer[] = []
  let sizeBytes = 0
  for await (const part of readBlob(db, blobId, from)) {
    parts.push(part)
    sizeBytes += part.length
    if (sizeBytes >= END_BYTES) break
  }
  return Buffer.concat(parts).subarray(0, END_BYTES)
}

const findingsOf = ({ analysis, warnings }: Found, profiles: ReadonlyMap<string, PrinterProfile>): Findings => {
  const { metadata, overheads } = analysis
  const { slicer } = metadata
  return {
    lines: analysis.lines,
    commands: analysis.commands,
    motionSeconds: analysis.motionSeconds,
    statedSeconds: metadata.seconds ?? null,
    slicer: slicer ? `${slicer.name} ${slicer.version}`.trim() : null,
    layers: analysis.layers,
    layerHeight: analysis.layerHeight,
    firstLayerHeight: analysis.firstLayerHeight,
    filament: [...analysis.filament],
    filamentType: metadata.filaments[0]?.type ?? null,
    ...colourOf(metadata.filaments[0]?.colour),
    filamentGrams: metadata.filamentGrams ?? gramsOf(analysis),
    nozzleDiameter: metadata.nozzleDiameters[0] ?? null,
    printerModel: metadata.printerModel ?? null,
    extruded: analysis.extruded,
    moved: analysis.moved,
    nozzleTemperature: analysis.nozzleTemperature,
    bedTemperature: analysis.bedTemperature,
    overheadSeconds:
      overheads.dwellSeconds +
      overheads.heatSeconds +
      overheads.homeSeconds +
      overheads.levelSeconds +
      overheads.toolChangeSeconds,
    firstLayerSeconds: analysis.firstLayerSeconds,
    peakFlow: analysis.peakFlow,
    objects: namesOf(analysis.objects),
    warnings: warnings.map(({ key, warnings: told }) => ({
      key,
      warnings: told.filter((one) => isTold(one, profiles.get(key))),
    })),
  }
}

/** What PrusaSlicer, OrcaSlicer and Bambu Studio write where nobody has chosen a colour: nobody wishes it. */
const unchosenColours = ['#29b2b2', '#ff8000', '#26a69a', '#00ae42']

const colourOf = (said: string | undefined): Pick<Findings, 'filamentColour'> => {
  const colour = /^#[0-9a-f]{6}/i.exec(said ?? '')?.[0].toLowerCase()
  return colour === undefined || unchosenColours.includes(colour) ? {} : { filamentColour: colour }
}

/** Null where it is not known of every filament. */
const gramsOf = ({ usage }: Analysis): number | null => {
  let grams = 0
  for (const { length, massGrams } of usage) {
    if (massGrams === undefined && length > 0) return null
    grams += massGrams ?? 0
  }
  return grams > 0 ? grams : null
}

const namesOf = ({ objects, complete }: LabelledObjects): string[] =>
  complete ? objects.slice(0, MOST_OBJECT_NAMES).map(({ name }) => name) : []

/** The largest that can be shown, as PNG. */
const bestThumbnail = (thumbnails: readonly Thumbnail[]): Buffer | null => {
  const largestFirst = [...thumbnails].sort((one, other) => other.width * other.height - one.width * one.height)
  for (const { base64, format } of largestFirst) {
    try {
      return Buffer.from(toPng(Buffer.from(base64, 'base64'), format))
    } catch (error) {
      if (!(error instanceof BadPicture)) throw error
    }
  }
  return null
}
