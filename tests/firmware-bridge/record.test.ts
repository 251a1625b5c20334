import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { RecordShelf } from '../../firmware-bridge/record-shelf.ts'
import { initialState } from '../../gcode/index.ts'
import { type KeptPrint, modalRecordOf } from '../../server/contract/print-record.ts'

const kept = (printId: number, bytes: number): KeptPrint => ({
  instance: 'one',
  record: {
    printId,
    bytes,
    totalBytes: 1000,
    modal: modalRecordOf(initialState(), 0),
    layer: 3,
    object: 'Häk "1"',
    doneSeconds: 1,
    totalSeconds: 10,
    remainingSeconds: null,
    resends: 0,
    underruns: 0,
    at: '2026-01-01T00:00:00.000Z',
  },
  outcome: null,
})

const folderOf = (): string => join(mkdtempSync(join(tmpdir(), 'auzolan-records-')), 'records')
const never = (error: Error): never => {
  throw error
}
const read = (folder: string) => new RecordShelf(folder, never).open()

describe('the records on the disk', () => {
  it('come back as they were written last', async () => {
    const folder = folderOf()
    const shelf = new RecordShelf(folder, never)
    expect(await shelf.open()).toEqual([])
    await shelf.keep([kept(1, 10), kept(2, 10)])
    await shelf.keep([kept(1, 20)])
    expect(await read(folder)).toEqual([kept(1, 20)])
    await shelf.keep([])
    expect(await read(folder)).toEqual([])
    await shelf.stop()
  })

  it('survive a write that was cut off anywhere: then the one before counts', async () => {
    const folder = folderOf()
    const shelf = new RecordShelf(folder, never)
    await shelf.keep([kept(1, 10)])
    await shelf.keep([kept(1, 20)])
    await shelf.stop()
    const [path, whole] = newest(folder)
    for (let cut = 0; cut < whole.length; cut += 13) {
      writeFileSync(path, whole.subarray(0, cut))
      expect((await read(folder))[0]?.record.bytes).toBe(10)
    }
    const flipped = Buffer.from(whole)
    flipped[200] = (flipped[200] ?? 0) ^ 4
    writeFileSync(path, flipped)
    expect((await read(folder))[0]?.record.bytes).toBe(10)
    writeFileSync(path, whole)
    expect((await read(folder))[0]?.record.bytes).toBe(20)
  })

  it('do not mind what a longer one has left behind', async () => {
    const folder = folderOf()
    const shelf = new RecordShelf(folder, never)
    await shelf.keep([kept(1, 10), kept(2, 20), kept(3, 30)])
    await shelf.keep([kept(1, 11)])
    await shelf.keep([kept(1, 12)])
    await shelf.stop()
    expect(await read(folder)).toEqual([kept(1, 12)])
  })

  it('go on after an earlier process, never back to what is older', async () => {
    const folder = folderOf()
    for (let n = 1; n <= 5; n++) {
      const shelf = new RecordShelf(folder, never)
      expect((await shelf.open())[0]?.record.bytes).toBe(n === 1 ? undefined : n - 1)
      await shelf.keep([kept(1, n)])
      await shelf.stop()
    }
    expect((await read(folder))[0]?.record.bytes).toBe(5)
  })

  it('are written several times a second by themselves', async () => {
    const folder = folderOf()
    const shelf = new RecordShelf(folder, never)
    let bytes = 0
    shelf.start(() => [kept(1, ++bytes)])
    const until = performance.now() + 5000
    while (((await read(folder))[0]?.record.bytes ?? 0) < 3 && performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    expect(performance.now()).toBeLessThan(until)
    await shelf.stop()
  })

  it('a disk that takes nothing is told once, and prints go on', async () => {
    const folder = folderOf()
    rmSync(folder, { recursive: true, force: true })
    writeFileSync(folder, 'a file where the folder should be')
    const told: string[] = []
    const shelf = new RecordShelf(folder, (error) => told.push(error.message))
    await shelf.keep([kept(1, 10)])
    await shelf.keep([kept(1, 20)])
    expect(told).toHaveLength(1)
    rmSync(folder)
    await shelf.keep([kept(1, 30)])
    expect((await read(folder))[0]?.record.bytes).toBe(30)
    await shelf.stop()
  })
})

/** The file that was written last, and its bytes. */
const newest = (folder: string): [string, Buffer] => {
  const sequenceOf = (bytes: Buffer): number => Number(bytes.toString('latin1').split(' ')[1])
  const files = ['prints-0.json', 'prints-1.json'].map((name): [string, Buffer] => [
    join(folder, name),
    readFileSync(join(folder, name)),
  ])
  files.sort((one, other) => sequenceOf(other[1]) - sequenceOf(one[1]))
  return files[0] as [string, Buffer]
}
