import { describe, expect, it } from 'vitest'
import { readDesign } from '../../../server/domain/commons/design.ts'
import { licenceOfChild, readLicence } from '../../../server/domain/commons/licences.ts'
import { readManifest } from '../../../server/domain/commons/manifest.ts'
import { readReadme } from '../../../server/domain/commons/readme.ts'
import { designInput } from '../../support/design-folder.ts'

const codes = (files: Record<string, string>) => readDesign(designInput(files)).warnings.map(({ code }) => code)

describe('a manifest', () => {
  it('in YAML keeps a version as it is written, reads scalars for lists, and goes on after a directive', () => {
    const text =
      '%Open Know-How Manifest 1.0\n---\ntitle: Lamp\nversion: 1.10\nlicense: CC-BY-SA 4.0\nderivative-of: https://forge.example/old/lamp\nlicensor: Kim <kim@example.org>\ndescription: A lamp.\n'
    expect(readManifest('okh.yml', text)).toMatchObject({
      name: 'Lamp',
      version: '1.10',
      licences: { hardware: 'CC-BY-SA 4.0' },
      parents: [{ address: 'https://forge.example/old/lamp' }],
      creators: ['Kim'],
    })
  })

  it('of two dialects at once says so', () => {
    const text = 'okhv: OKH-LOSHv1.0\nname: Button\nfunction: Clicks.\nlicense:\n  hardware: CERN-OHL-P-2.0\n'
    expect(readManifest('okh.yml', text)).toMatchObject({ name: 'Button', dialect: 'OKH 1.0 with OKH-LOSHv1.0' })
  })

  it('that names places outside of the design gets none of them', () => {
    const found = readManifest(
      'parts/okh-Ring.toml',
      'okhv = "2.0"\nname = "Ring"\nsource = ["../../../etc/passwd", "../Ring.scad", "/docs/a.md"]\n',
    )
    expect(found?.paths).toEqual(['Ring.scad', 'docs/a.md'])
    expect(found?.warnings.map(({ code }) => code)).toContain('manifest.outside')
  })

  it.each([
    [
      'aliases that grow by themselves',
      'okh.yml',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
        .split('')
        .map((one, index) => `${one}: &${one} [${Array(9).fill(`*${'abcdefgh'[index]}`).join(',')}]`)
        .join('\n')}\ntitle: Bomb\n`,
    ],
    ['lists nested without end in YAML', 'okh.yml', `title: ${'['.repeat(100_000)}`],
    ['sequences nested without end in YAML', 'okh.yml', `title:\n ${'- '.repeat(50_000)}`],
    ['tables nested without end in TOML', 'okh.toml', `name = ${'['.repeat(100_000)}`],
    ['inline tables nested in TOML', 'okh.toml', `x = ${'{a='.repeat(400)}1${'}'.repeat(400)}`],
    ['a file larger than any manifest', 'okh.toml', `name = "${'x'.repeat(300_000)}"`],
    ['no text at all', 'okh.toml', '\u0000\u0001\u0002'],
    ['a list where fields should be', 'okh.yml', '- one\n- two\n'],
  ])('with %s is left out within a second, and the rest is read', (_, path, text) => {
    const before = performance.now()
    const found = readDesign(designInput({ [path]: text, 'README.md': '# Still here\n', 'part.stl': '' }))
    expect(performance.now() - before).toBeLessThan(1000)
    expect(found.name).toBe('Still here')
    expect(found.files.some(({ isPrintable }) => isPrintable)).toBe(true)
    expect(found.warnings.some(({ code }) => /^manifest\.(unreadable|syntax)$/.test(code))).toBe(true)
  })

  it('whose keys are those of every object changes none', () => {
    readManifest('okh.yml', '__proto__:\n  polluted: yes\nconstructor: x\ntitle: T\n')
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  it('loses control characters and turned directions in its names', () => {
    const found = readDesign(designInput({ 'okh.yml': 'title: "Ring\\u202Egnp.exe\\u0007"\nlicense: MIT\n' }))
    expect(found.name).toBe('Ringgnp.exe')
  })
})

describe('a README', () => {
  const hostile =
    '# <img src=x onerror=alert(1)>Duck\n\n<script>alert(1)</script>\n\n[click](javascript:alert(1)) and [good](https://example.org/a) <b onclick="x()">bold</b>\n\n![](https://spy.example/pixel.png)\n'

  it('passes on no HTML, no script and no picture of others', () => {
    const blocks = readDesign(designInput({ 'README.md': hostile, 'duck.stl': '' })).readme
    const text = JSON.stringify(blocks)
    expect(text).not.toMatch(/<script|onerror|onclick|javascript:|spy\.example/)
    expect(text).toContain('"href":"https://example.org/a"')
    expect(blocks[0]).toMatchObject({ kind: 'heading', spans: [{ text: 'Duck' }] })
  })

  it('of any size and nesting is read within a second', () => {
    for (const text of [
      '> '.repeat(20_000),
      '['.repeat(50_000),
      '*'.repeat(50_000),
      `${'- '.repeat(5000)}x`,
      '<a'.repeat(50_000),
      '`'.repeat(50_001),
      '|a'.repeat(30_000),
    ]) {
      const before = performance.now()
      readReadme(text)
      expect(performance.now() - before).toBeLessThan(1000)
    }
  })
})

describe('a licence', () => {
  it.each([
    ['CC-BY-SA 4.0', 'CC-BY-SA-4.0'],
    ['LicenseRef-CC BY-SA-4.0', 'CC-BY-SA-4.0'],
    ['Creative Commons Attribution-ShareAlike 4.0 International License', 'CC-BY-SA-4.0'],
    ['CERN OHL v1.2', 'CERN-OHL-1.2'],
    ['CERN-OHL-W-2.0-or-later', 'CERN-OHL-W-2.0'],
    ['TAPR OHL', 'TAPR-OHL-1.0'],
    ['GPLv3', 'GPL-3.0-only'],
    ['GPL-3.0', 'GPL-3.0'],
    ['Apache-2.0 WITH SHL-2.1', 'Apache-2.0 WITH SHL-2.1'],
    ['Creative Commons Attribution 4.0 International (CC BY 4.0)', 'CC-BY-4.0'],
    ['https://creativecommons.org/publicdomain/zero/1.0/', 'CC0-1.0'],
  ])('written %s is %s', (written, id) => {
    expect(readLicence(written)).toMatchObject({ expression: id, asks: null })
  })

  it.each([
    ['CERN', 'ambiguous'],
    ['CERN OHL', 'ambiguous'],
    ['BY-SA 4.0', 'ambiguous'],
    ['LicenseRef-CERN', 'ambiguous'],
    ['LicenseRef-NONE', 'none'],
    ['', 'none'],
    ['[value]', 'none'],
    ['Standard Digital File', 'unknown'],
    ['CC-BY-NC', 'non-commercial'],
    ['CC-BY-NC-SA-4.0', 'non-commercial'],
    ['PolyForm-Noncommercial-1.0.0', 'non-commercial'],
    ['MIT AND CC-BY-NC-4.0', 'non-commercial'],
  ] as const)('written "%s" asks a steward: %s', (written, asks) => {
    expect(readLicence(written)).toMatchObject({ asks, make: 'ask' })
  })

  it('with a choice takes the freer, with two at once the stricter', () => {
    expect(readLicence('CC-BY-NC-4.0 OR MIT')).toMatchObject({ make: 'yes', sell: 'yes', asks: null })
    expect(readLicence('MIT AND CERN-OHL-S-2.0')).toMatchObject({ shareAlike: true, sourceTravels: true })
    expect(readLicence('CC-BY-ND-4.0')).toMatchObject({ make: 'yes', adapt: 'no' })
  })

  it('of a child follows from its parents', () => {
    const of = (...ids: string[]) => licenceOfChild(ids.map(readLicence), null)
    expect(of('MIT', 'CC-BY-SA-4.0')).toMatchObject({ licence: { expression: 'CC-BY-SA-4.0' } })
    expect(of('MIT', 'CC-BY-4.0')).toMatchObject({ licence: { expression: '(MIT) AND (CC-BY-4.0)' } })
    expect(of('GPL-3.0-only', 'CC-BY-SA-4.0')).toHaveProperty('refused')
    expect(of('MIT', 'CC-BY-NC-4.0')).toHaveProperty('refused')
  })

  it('of a file that differs from the manifest is told, and the stricter holds', () => {
    const files = {
      'okh.toml': 'okhv = "2.4"\nname = "A"\nlicense = "CC-BY-4.0"\n',
      LICENSE: 'CERN Open Hardware Licence Version 2 - Strongly Reciprocal',
    }
    expect(readDesign(designInput(files)).licence).toMatchObject({ sourceTravels: true, shareAlike: true })
    expect(codes(files)).toContain('licence.disagree')
  })

  it('is never taken from what cannot be told: without any, nothing is allowed', () => {
    expect(readDesign(designInput({ 'x.stl': '' })).licence).toMatchObject({ state: 'none', make: 'ask' })
    expect(codes({ 'x.stl': '' })).toContain('licence.none')
  })
})
