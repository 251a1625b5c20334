import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { FileShelf } from '../../firmware-bridge/file-shelf.ts'
import { openWorkshop } from '../support/workshop.ts'

const GCODE = `; a file\nG28\n${'G1 X10 Y10 F3000\n'.repeat(500)}`

// A device that is always full stands in for a disk that is.
describe.skipIf(!existsSync('/dev/full'))('a bridge whose disk is full', async () => {
  const { steward, db } = await openWorkshop()
  const folder = mkdtempSync(join(tmpdir(), 'auzolan-shelf-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const hash = createHash('sha256').update(GCODE).digest('hex')
  const path = join(folder, `${hash}.gcode`)
  const full = (): void => symlinkSync('/dev/full', `${path}.${process.pid}.part`)

  it('gives up files that were printed earlier, and prints', async () => {
    const { id } = await steward.upload('part.gcode', GCODE)
    const earlier = join(folder, `${'a'.repeat(64)}.gcode`)
    writeFileSync(earlier, 'G28\n')
    full()
    expect(await new FileShelf(folder, db).fetch(id)).toBe(path)
    expect(readFileSync(path, 'utf8')).toBe(GCODE)
    expect(existsSync(earlier)).toBe(false)
    rmSync(path)
  })
})
