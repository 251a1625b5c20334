// Files on this machine's disk, so that a print goes on when the database is away.
import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { readBlob } from '../server/store/blobs.ts'
import type { Database } from '../server/store/database.ts'
import { fileBytes } from '../server/store/files.ts'

/** Files that were not printed lately give way when there are more than these. */
const KEPT_FILES = 40

export class FileShelf {
  readonly #folder: string
  readonly #db: Database
  #inUse = new Map<string, number>()

  constructor(folder: string, db: Database) {
    this.#folder = folder
    this.#db = db
  }

  /** The path of a file's bytes on this disk, checked by their hash. Call `release` when the print has ended. */
  async fetch(fileId: number): Promise<string> {
    const file = await fileBytes(this.#db, fileId)
    if (file === null) throw new Error('The file is no longer in the store.')
    await mkdir(this.#folder, { recursive: true })
    const path = join(this.#folder, `${file.hash}.gcode`)
    this.#inUse.set(path, (this.#inUse.get(path) ?? 0) + 1)
    const there = await stat(path).catch(() => null)
    if (there?.size === file.sizeBytes) {
      const now = new Date()
      await utimes(path, now, now)
      return path
    }
    try {
      await this.#bring(file.blobId, file.hash, path)
    } catch (error) {
      if (!isFull(error)) throw error
      // What was printed earlier can be brought again; what is to be printed now cannot wait.
      await this.#clear(0)
      await this.#bring(file.blobId, file.hash, path).catch(tellFull)
    }
    return path
  }

  async release(path: string): Promise<void> {
    const users = (this.#inUse.get(path) ?? 1) - 1
    if (users > 0) this.#inUse.set(path, users)
    else this.#inUse.delete(path)
    await this.#clear()
  }

  async #bring(blobId: number, hash: string, path: string): Promise<void> {
    const half = `${path}.${process.pid}.part`
    const sum = createHash('sha256')
    const db = this.#db
    try {
      await pipeline(async function* () {
        for await (const bytes of readBlob(db, blobId)) {
          sum.update(bytes)
          yield bytes
        }
      }, createWriteStream(half))
      if (sum.digest('hex') !== hash) throw new Error('The file came damaged out of the store.')
      await rename(half, path)
    } catch (error) {
      await rm(half, { force: true })
      throw error
    }
  }

  async #clear(kept = KEPT_FILES): Promise<void> {
    const names = (await readdir(this.#folder)).filter((name) => name.endsWith('.gcode'))
    if (names.length <= kept) return
    const paths = names.map((name) => join(this.#folder, name)).filter((path) => !this.#inUse.has(path))
    const aged = await Promise.all(paths.map(async (path) => ({ path, at: (await stat(path)).mtimeMs })))
    aged.sort((one, other) => one.at - other.at)
    for (const { path } of aged.slice(0, names.length - kept)) await rm(path, { force: true })
  }
}

const isFull = (error: unknown): boolean => {
  const { code } = error as { code?: unknown }
  return code === 'ENOSPC' || code === 'EDQUOT'
}

/** In words for who wants to print. */
const tellFull = (error: unknown): never => {
  if (!isFull(error)) throw error
  throw new Error("the disk of the bridge's computer is full. Make room there, then print it again.", { cause: error })
}
