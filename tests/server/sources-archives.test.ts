import { createReadStream, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { type Header, pack } from 'tar-stream'
import { afterEach, describe, expect, it } from 'vitest'
import { ZipFile } from 'yazl'
import { readWhole } from '../../server/sources/limited-bytes.ts'
import type { Limits } from '../../server/sources/limits.ts'
import type { OpenDesign, UploadedFile } from '../../server/sources/source.ts'
import { codeOf, gather, never, type SourcesRig, sentencesOf, sourcesRig } from '../support/sources.ts'

const rigs: SourcesRig[] = []
afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.close()
})

const uploaded = (path: string, bytes: Buffer): UploadedFile => ({
  path,
  sizeBytes: bytes.length,
  read: () => Readable.from([bytes]),
})

const receive = (
  bytes: Buffer,
  name: string,
  limits: Partial<Limits> = {},
): { rig: SourcesRig; open: Promise<OpenDesign> } => {
  const rig = sourcesRig([], limits)
  rigs.push(rig)
  return { rig, open: rig.sources.receive(name, [uploaded(name, bytes)], never) }
}

type Entry = Partial<Header> & { readonly name: string; readonly text?: string }

const tarOf = async (entries: readonly Entry[]): Promise<Buffer> => {
  const packing = pack()
  for (const { text, ...header } of entries) packing.entry(header, text ?? '')
  packing.finalize()
  return readWhole(Readable.from(packing))
}

const zipOf = async (files: Readonly<Record<string, string>>, options: { mode?: number } = {}): Promise<Buffer> => {
  const zip = new ZipFile()
  for (const [path, text] of Object.entries(files)) zip.addBuffer(Buffer.from(text), path, options)
  zip.end()
  return readWhole(Readable.from(zip.outputStream as Readable))
}

/** The same length, written over wherever it stands: so a name becomes what no packer would write. */
const renamed = (bytes: Buffer, from: string, to: string): Buffer => {
  const changed = Buffer.from(bytes)
  for (let at = changed.indexOf(from); at >= 0; at = changed.indexOf(from, at + 1)) changed.write(to, at, 'latin1')
  return changed
}

describe('an archive', () => {
  it('gives its files as .zip, .tar, .tar.gz and .tgz, whatever its name says, without the folder around them', async () => {
    const files = { 'thing/okh.toml': 'okhv = "2.4"', 'thing/parts/a.stl': 'solid a', 'thing/empty.txt': '' }
    const tar = await tarOf(Object.entries(files).map(([name, text]) => ({ name, text })))
    for (const [name, bytes] of [
      ['a.zip', await zipOf(files)],
      ['a.tar', tar],
      ['a.tar.gz', gzipSync(tar)],
      ['a.tgz', gzipSync(tar)],
      ['called.bin', gzipSync(tar)],
    ] as const) {
      const { rig, open } = receive(bytes, name)
      const design = await open
      expect((await design.tree()).files.map(({ path, sizeBytes }) => [path, sizeBytes])).toEqual([
        ['okh.toml', 12],
        ['parts/a.stl', 7],
        ['empty.txt', 0],
      ])
      const expected = { 'okh.toml': 'okhv = "2.4"', 'parts/a.stl': 'solid a', 'empty.txt': '' }
      expect(await gather(design)).toEqual({ files: expected, skipped: {} })
      expect(design.origin).toMatchObject({ kind: 'upload', url: name, revision: expect.stringMatching(/^sha256:/) })
      await design.close()
      expect(rig.leftBehind()).toEqual([])
    }
  })

  it('leaves out of a tar what leads out, links, is no file, or comes twice; and keeps the rest', async () => {
    const entries: Entry[] = [
      { name: 'good.stl', text: 'solid good' },
      { name: '../../etc/cron.d/evil', text: 'x' },
      { name: '/etc/passwd', text: 'x' },
      { name: 'C:/windows/evil', text: 'x' },
      { name: 'a\\..\\..\\evil', text: 'x' },
      { name: 'link', type: 'symlink', linkname: '/etc/passwd' },
      { name: 'hard', type: 'link', linkname: 'good.stl' },
      { name: 'pipe', type: 'fifo' },
      { name: 'disk', type: 'block-device', devmajor: 8, devminor: 0 },
      { name: 'tty', type: 'character-device', devmajor: 4, devminor: 0 },
      { name: 'good.stl', text: 'another' },
      { name: 'GOOD.STL', text: 'another' },
      { name: 'good.stl/inside', text: 'x' },
      { name: 'turned\u202egnp.exe', text: 'x' },
      { name: `${'d/'.repeat(40)}deep`, text: 'x' },
      { name: `${'n'.repeat(600)}.stl`, text: 'x' },
      { name: '__MACOSX/._good.stl', text: 'x' },
      { name: '.git/config', text: 'x' },
      { name: 'parts/last.scad', text: 'cube();' },
    ]
    const design = await receive(gzipSync(await tarOf(entries)), 'hostile.tar.gz').open
    const { files, skipped } = await gather(design)
    expect(files).toEqual({ 'good.stl': 'solid good', 'parts/last.scad': 'cube();' })
    expect(Object.values(skipped).sort()).toEqual(
      [
        ...Array<string>(4).fill('entry.path'),
        ...Array<string>(2).fill('entry.link'),
        ...Array<string>(3).fill('entry.device'),
        // Twice the same name, and one below a file.
        ...['entry.twice', 'entry.twice', 'entry.case', 'entry.name', 'entry.deep', 'entry.long'],
      ].sort(),
    )
    const reasons = (await design.tree()).skipped
    expect(reasons.find(({ path }) => path === 'link')?.reason.message).toBe(
      'It is a link, not a file, so it was left out.',
    )
    await design.close()
  })

  it('leaves out of a zip what leads out, links and is locked; and keeps the rest', async () => {
    const plain = await zipOf({
      'good.stl': 'solid',
      XXXXXevil: 'x',
      'Yetc/passwd': 'x',
      'a/Good.stl': 'one',
      'A/good.STL': 'two',
    })
    const climbing = renamed(renamed(plain, 'XXXXXevil', '../../evi'), 'Yetc', '/etc')
    const design = await receive(climbing, 'a.zip').open
    expect(await gather(design)).toEqual({
      files: { 'good.stl': 'solid', 'a/Good.stl': 'one' },
      skipped: { '../../evi': 'entry.path', '/etc/passwd': 'entry.path', 'A/good.STL': 'entry.case' },
    })
    await design.close()
    const links = await receive(await zipOf({ link: '/etc/passwd' }, { mode: 0o120777 }), 'b.zip').open
    expect(sentencesOf((await links.tree()).skipped)).toEqual({ link: 'entry.link' })
    await links.close()
    const locked = await zipOf({ 'a.stl': 'solid' })
    // The flag of a password, in both heads of the file.
    locked[locked.indexOf('PK\x03\x04') + 6] = 0x09
    locked[locked.indexOf('PK\x01\x02') + 8] = 0x09
    const design2 = await receive(locked, 'c.zip').open
    expect(sentencesOf((await design2.tree()).skipped)).toEqual({ 'a.stl': 'archive.locked' })
    await design2.close()
  })

  it('refuses bombs by what comes out, also where the sizes lie, and leaves nothing behind', async () => {
    const zeros = Buffer.alloc(60_000_000).toString('latin1')
    for (const [name, bytes] of [
      ['bomb.zip', await zipOf({ 'a.stl': zeros })],
      ['bomb.tar.gz', gzipSync(await tarOf([{ name: 'a.stl', text: zeros }]))],
      ['no-tar.tar.gz', gzipSync(Buffer.alloc(120_000_000))],
    ] as const) {
      const { rig, open } = receive(bytes, name)
      expect([name, await codeOf(open)]).toEqual([name, 'archive.bomb'])
      expect(rig.leftBehind()).toEqual([])
    }
    const lying = await zipOf({ 'a.stl': 'x'.repeat(5000), 'b.stl': 'solid b' })
    // Its directory says ten bytes.
    const directory = lying.indexOf('PK\x01\x02')
    lying.writeUInt32LE(10, directory + 24)
    const design = await receive(lying, 'lying.zip').open
    expect(await gather(design)).toEqual({ files: { 'b.stl': 'solid b' }, skipped: { 'a.stl': 'source.cut-off' } })
    await design.close()
  })

  it('refuses too many files and too many bytes, and leaves out the one file that is too large', async () => {
    const many = await zipOf(Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`${at}.stl`, 'x'])))
    expect(await codeOf(receive(many, 'many.zip', { files: 10 }).open)).toBe('source.too-many')
    const heavy = await tarOf([
      { name: 'a', text: 'x'.repeat(600) },
      { name: 'b', text: 'x'.repeat(600) },
    ])
    expect(await codeOf(receive(heavy, 'heavy.tar', { totalBytes: 1000 }).open)).toBe('source.too-large')
    const one = await receive(heavy, 'one.tar', { fileBytes: 500 }).open
    expect(sentencesOf((await one.tree()).skipped)).toEqual({ a: 'entry.too-large', b: 'entry.too-large' })
    await one.close()
  })

  it('says what it cannot unpack: damaged, cut off, 7z, empty', async () => {
    const tar = gzipSync(await tarOf([{ name: 'a.stl', text: 'solid '.repeat(10_000) }]), { level: 0 })
    expect(await codeOf(receive(tar.subarray(0, 30_000), 'cut.tar.gz').open)).toBe('archive.damaged')
    const zip = await zipOf({ 'a.stl': 'x' })
    expect(await codeOf(receive(zip.subarray(0, zip.length - 15), 'cut.zip').open)).toBe('archive.damaged')
    expect(await codeOf(receive(Buffer.from('377abcaf271c0004', 'hex'), 'a.7z').open)).toBe('archive.kind')
    expect(await codeOf(receive(await zipOf({}), 'empty.zip').open)).toBe('source.empty')
  })

  it('does not unpack what lies packed inside, nor a 3MF', async () => {
    const inner = await zipOf({ 'inner.stl': 'x' })
    const outer = new ZipFile()
    outer.addBuffer(inner, 'inner.zip')
    outer.end()
    const design = await receive(await readWhole(Readable.from(outer.outputStream as Readable)), 'outer.zip').open
    expect((await design.tree()).files.map(({ path }) => path)).toEqual(['inner.zip'])
    await design.close()
    const model = await receive(await zipOf({ '3D/3dmodel.model': '<model/>' }), 'part.3mf').open
    expect((await model.tree()).files.map(({ path }) => path)).toEqual(['part.3mf'])
    await model.close()
  })

  it('ends the reading when the taker fails for a reason of its own', async () => {
    const design = await receive(await zipOf({ 'a.stl': 'x', 'b.stl': 'y' }), 'a.zip').open
    const reading = design.readAll(async () => {
      throw new Error('the disk is full')
    })
    await expect(reading).rejects.toThrow('the disk is full')
    await design.close()
  })
})

describe('an upload of files', () => {
  it('takes a folder as it is, without what systems leave in it, and checks every name', async () => {
    const rig = sourcesRig([], { fileBytes: 100 })
    rigs.push(rig)
    const file = join(rig.folder, 'on-disk')
    writeFileSync(file, 'solid disk')
    const design = await rig.sources.receive(
      'My part',
      [
        { path: 'My part/a.stl', sizeBytes: null, read: () => createReadStream(file) },
        uploaded('My part/docs/readme.md', Buffer.from('# Part')),
        uploaded('My part/.DS_Store', Buffer.from('x')),
        uploaded('My part/../../evil', Buffer.from('x')),
        uploaded('My part/large.stl', Buffer.alloc(200)),
        { path: 'My part/lies.stl', sizeBytes: 10, read: () => Readable.from([Buffer.alloc(5000)]) },
      ],
      never,
    )
    expect(await gather(design)).toEqual({
      files: { 'a.stl': 'solid disk', 'docs/readme.md': '# Part' },
      skipped: {
        'My part/../../evil': 'entry.path',
        'My part/large.stl': 'entry.too-large',
        'lies.stl': 'source.too-large',
      },
    })
    await design.close()
  })
})
