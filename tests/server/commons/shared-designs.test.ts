// What stands in the designs of the shared data, read by eye from their files: name, dialect, licence, makers, parts.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readDesign } from '../../../server/domain/commons/design.ts'
import { manifestToml } from '../../../server/domain/commons/export.ts'
import { readLicence } from '../../../server/domain/commons/licences.ts'
import { readManifest } from '../../../server/domain/commons/manifest.ts'
import { designFolder, designInput } from '../../support/design-folder.ts'
import { sharedData } from '../../support/left-out.ts'

interface Expected {
  readonly name: string
  /** null: no manifest, or an empty one. */
  readonly dialect: string | null
  readonly version: string
  readonly licence: string | null
  readonly creators: readonly string[]
  readonly printable: number
  /** Codes of warnings that must be among those told. */
  readonly told: readonly string[]
}

const expected: Readonly<Record<string, Expected>> = {
  boxfarm: {
    // Sic: the manifest says BoxFram.
    name: 'BoxFram',
    dialect: 'OKH 1.0',
    version: '1.1',
    licence: null,
    creators: ['Timo Nendel'],
    printable: 0,
    told: ['licence.ambiguous'],
  },
  'braille-signage-generator': {
    name: 'Braille Signage Generator',
    dialect: 'OKH 1.0',
    version: '1.0',
    licence: 'CERN-OHL-P-2.0',
    creators: ['Jeremy Wright'],
    printable: 0,
    told: [],
  },
  'faire-maus': {
    name: 'Faire Maus - 3 Tasten',
    dialect: 'OKH 2.4',
    version: '0.1.0',
    licence: 'CC-BY-SA-4.0',
    creators: ['Nager IT e.V.'],
    printable: 0,
    told: ['manifest.file-missing'],
  },
  librewater: {
    name: 'Acraea-Prototype',
    dialect: 'OKH-LOSHv1.0',
    version: '2.0.0',
    licence: 'CERN-OHL-S-2.0',
    creators: ['Terry Turtle'],
    printable: 0,
    told: ['manifest.file-missing'],
  },
  lightm: {
    name: 'LightM',
    dialect: 'OKH 1.0',
    version: '0.1.0',
    licence: 'MIT',
    creators: ['Alexander Kutschera'],
    printable: 5,
    told: ['licence.documentation-only', 'manifest.address'],
  },
  'losh-dummy-mosh-a': {
    name: 'LOSH Dummy MOSH-A',
    dialect: 'OKH 2.0',
    version: '1.0.2',
    licence: 'CERN-OHL-S-2.0',
    creators: ['Martin Häuer'],
    printable: 1,
    told: ['manifest.keys', 'manifest.level', 'manifest.size', 'manifest.file-missing'],
  },
  'mmc-finger-lift-switch': {
    name: 'Finger Lift Switch',
    dialect: null,
    version: '',
    licence: 'CERN-OHL-P-2.0',
    creators: [],
    printable: 6,
    told: ['licence.from-readme', 'licence.file-differs'],
  },
  'mmc-flex-battery-interrupter': {
    name: 'Flex Battery Interrupter',
    dialect: null,
    version: '',
    licence: 'CERN-OHL-W-2.0',
    creators: ['Neil Squire / Makers Making Change'],
    printable: 3,
    told: ['licence.from-readme'],
  },
  'openat-template': {
    // Its README still says <device name>: the folder names it.
    name: 'openat-template',
    dialect: null,
    version: '',
    licence: 'CERN-OHL-W-2.0',
    creators: [],
    printable: 1,
    told: ['manifest.empty', 'licence.from-readme'],
  },
  'openflexure-builds': {
    name: 'OpenFlexure Microscope',
    dialect: null,
    version: '',
    licence: 'CERN-OHL-1.2',
    creators: [],
    printable: 5,
    told: [],
  },
  'openflexure-microscope': {
    name: 'OpenFlexure Microscope',
    dialect: 'OKH 1.0',
    version: '6.1.2',
    licence: 'CERN-OHL-1.2',
    creators: ['Richard Bowman'],
    printable: 0,
    told: ['licence.guessed'],
  },
  'original-prusa-i3-mk3s': {
    name: 'Original Prusa i3 MK3S',
    dialect: null,
    version: '',
    licence: 'GPL-2.0-only',
    creators: [],
    printable: 9,
    told: [],
  },
  'rotary-encoder-protection': {
    name: 'rotary-encoder-protection',
    dialect: 'OKH-LOSHv1.0',
    version: '0.1.0',
    licence: 'CERN-OHL-S-2.0',
    creators: ['Stefan Helmert'],
    printable: 0,
    told: ['manifest.size', 'manifest.file-missing'],
  },
  'spare-parts-jdinino': {
    name: '3D Parts',
    dialect: null,
    version: '',
    licence: 'CC-BY-4.0',
    creators: ['jdinino'],
    printable: 6,
    told: [],
  },
  'switch-mounting-plate-gopro': {
    name: 'Switch Plate - GoPro Compatible',
    dialect: 'OKH 1.0',
    version: '1.0',
    licence: 'CC-BY-SA-4.0',
    creators: ['Anna Millbourn'],
    printable: 1,
    told: ['manifest.blanks', 'manifest.address'],
  },
  'syringe-pump': {
    name: 'Syringe Pump',
    dialect: 'OKH 1.0',
    version: '',
    licence: 'GPL-3.0-only',
    creators: ['Drew Portero'],
    printable: 0,
    told: ['licence.documentation-only', 'manifest.missing', 'manifest.file-missing'],
  },
  'wakoma-nimble': {
    name: 'nimble',
    dialect: 'OKH-LOSHv1.0',
    version: '0.1.0',
    licence: 'CERN-OHL-S-2.0',
    creators: ['Eric Nitschke'],
    printable: 5,
    told: ['manifest.file-missing'],
  },
  zacplus: {
    name: 'ZACplus',
    dialect: 'OKH 1.0',
    version: '0.9',
    licence: 'CC-BY-SA-4.0',
    creators: ['Oliver Schlüter'],
    printable: 8,
    told: ['licence.guessed', 'manifest.placeholder'],
  },
}

/** Of the collected list: name, licence, what a steward is asked, makers. */
const collected: Readonly<Record<string, readonly [string, string | null, readonly string[]]>> = {
  'field-ready-projects_openknowhow_org____manifests____okh-HL010.toml': [
    'HL010 - Ventilator Connector',
    null,
    ['Field Ready'],
  ],
  'field-ready-projects_openknowhow_org____manifests____okh-WA014_13mm.toml': [
    'WA014_13mm - BSP Thread 13mm',
    null,
    ['Field Ready'],
  ],
  'okh-GliaX-Faceshield.toml': ['GliaX-Faceshield', 'GPL-3.0-or-later', ['Jake Bender', 'Mike Doell']],
  'okh-Jubilee.toml': ['Jubilee', 'CC-BY-4.0', ['Joshua Vasquez']],
  'okh-Poppy_Humanoid.toml': [
    'Poppy Humanoid',
    'CC-BY-SA-4.0',
    [
      'Matthieu Lapeyre',
      'Pierre Rouanet',
      'Pierre Yves Oudeyer',
      'Jonathan Grizou',
      'Nicolas Rabault',
      'Theo Segonds',
      'Damien Caselli',
    ],
  ],
  'www_appropedia_org____generateOpenKnowHowManifest_php_title_3D_printed_garden_hose_splitter.toml': [
    '3D printed garden hose splitter',
    'CC-BY-SA-3.0',
    ['Stuart Larsen'],
  ],
}

const folder = sharedData('commons')

describe.skipIf(folder === null)('the designs of the shared data', () => {
  const root = folder ?? ''

  it('are all in the table of what was found by eye', () => {
    const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    expect(folders.map(({ name }) => name).sort()).toEqual([...Object.keys(expected), 'losh-list'].sort())
  })

  it.each(Object.entries(expected))('%s says what stands in its files', (name, wanted) => {
    const found = readDesign(designFolder(join(root, name), { fallbackName: name }))
    expect({
      name: found.name,
      dialect: found.manifest?.dialect ?? null,
      version: found.label,
      licence: found.licence.expression,
      creators: found.creators,
      printable: found.files.filter(({ isPrintable }) => isPrintable).length,
    }).toEqual({ ...wanted, told: undefined })
    const codes = found.warnings.map(({ code }) => code)
    for (const code of wanted.told) expect(codes).toContain(code)
    for (const { message } of found.warnings) expect(message).toMatch(/^.{10,}\.$/s)
    if (wanted.licence === null) expect(found.licence.asks).not.toBeNull()
  })

  it.each(Object.entries(collected))(
    'the collected %s is read with its oddities',
    (file, [name, licence, creators]) => {
      const text = readFileSync(join(root, 'losh-list', file), 'utf8')
      const found = readDesign(designInput({ 'okh.toml': text }))
      expect(found).toMatchObject({ name, creators, licence: { expression: licence } })
      expect(found.licence.asks).toBe(licence === null ? 'ambiguous' : null)
      expect(found.name).not.toMatch(/["\n]/)
    },
  )

  it.each(Object.keys(expected))('%s written as OKH 2.4 is read again as the same', (name) => {
    const found = readDesign(designFolder(join(root, name), { fallbackName: name }))
    const toml = manifestToml({
      ...found,
      slug: name,
      version: found.label,
      address: found.claimed ?? 'https://workshop.example/designs/1',
      commit: null,
      picture: null,
      ancestors: [],
      lineage: [],
      files: found.files.map((file) => ({ ...file, hash: '', sizeBytes: 0 })),
    })
    const again = readManifest('okh.toml', toml)
    expect(again).toMatchObject({
      dialect: 'OKH 2.4',
      name: found.name,
      keywords: found.keywords,
      description: found.description || found.name,
    })
    expect(readLicence(again?.licences.hardware).expression).toBe(found.licence.expression)
    if (found.creators.length > 0) expect(again?.creators).toEqual(found.creators)
    expect(again?.warnings.filter(({ code }) => code !== 'manifest.missing')).toEqual([])
  })
})
