// An OKH manifest of any dialect -> one shape. What deviates is read all the same, and said.
// Open Know-How 1.0 (YAML), OKH-LOSH 1.0 and 2.x (TOML): https://github.com/iop-alliance/OpenKnowHow
import type { DesignWarning } from '../../contract/commons.ts'
import type { Parent } from '../../contract/design-reading.ts'
import { cleanText, type Fields, fieldsOf, listOf, numberOf, readFields, textOf, textsOf } from './fields.ts'
import { knownKeys, placeFields } from './manifest-keys.ts'
import { placeOf, webAddress } from './paths.ts'
import { endingOf, folderOf } from './tree.ts'

export interface ManifestPart {
  readonly name: string
  readonly paths: readonly string[]
  readonly material: string | null
}

export interface Manifest {
  readonly path: string
  readonly dialect: string
  readonly name: string | null
  readonly description: string | null
  readonly safety: string | null
  readonly keywords: readonly string[]
  /** Addresses where it says that it is at home; the first is its repository. */
  readonly homes: readonly string[]
  readonly version: string | null
  readonly licences: {
    readonly hardware: string | null
    readonly documentation: string | null
    readonly software: string | null
  }
  readonly creators: readonly string[]
  readonly parents: readonly Parent[]
  readonly readme: string | null
  readonly image: string | null
  readonly language: string | null
  /** Files and folders that it names, within the design. */
  readonly paths: readonly string[]
  readonly parts: readonly ManifestPart[]
  readonly materials: readonly string[]
  /** mm; null where it does not say. */
  readonly size: { readonly x: number; readonly y: number; readonly z: number } | null
  readonly warnings: readonly DesignWarning[]
}

/** Null: the file is empty, such as an unfilled template. Throws BadManifest where it cannot be read. */
export const readManifest = (path: string, text: string): Manifest | null => {
  const { fields, slips } = readFields(text, endingOf(path))
  if (fields.values.size === 0) return null
  const warnings: DesignWarning[] = slips.map((slip) => warning('manifest.syntax', path, `A line is wrong: ${slip}`))
  const reader = new ManifestReader(path, fields, warnings)
  return reader.read()
}

const warning = (code: string, place: string, message: string): DesignWarning => ({ code, place, message })

class ManifestReader {
  readonly #path: string
  readonly #fields: Fields
  readonly #warnings: DesignWarning[]
  readonly #homes: readonly string[]

  constructor(path: string, fields: Fields, warnings: DesignWarning[]) {
    this.#path = path
    this.#fields = fields
    this.#warnings = warnings
    this.#homes = ['repo', 'documentation-home', 'project-link'].flatMap((key) => this.#address(key) ?? [])
  }

  read(): Manifest {
    this.#tellOddKeys()
    this.#tellOddValues()
    const parts = this.#parts()
    return {
      path: this.#path,
      dialect: this.#dialect(),
      name: this.#line('name') ?? this.#line('title'),
      description: this.#description(),
      safety: this.#text('health-safety-notice'),
      keywords: textsOf(this.#of('keywords')).flatMap((text) => text.split(/\s*,\s*/)),
      homes: this.#homes,
      version: this.#version(),
      licences: this.#licences(),
      creators: this.#creators(),
      parents: this.#parents(),
      readme: this.#paths(['readme'])[0] ?? null,
      image: this.#paths(['image'])[0] ?? null,
      language: this.#line('documentation-language') ?? this.#line('manifest-language'),
      paths: this.#paths(placeFields),
      parts,
      materials: [...textsOf(this.#of('material')), ...parts.flatMap(({ material }) => material ?? [])],
      size: this.#size(),
      warnings: [...new Map(this.#warnings.map((one) => [`${one.place} ${one.message}`, one])).values()],
    }
  }

  #of(key: string): unknown {
    return this.#fields.values.get(key.replaceAll('-', ''))
  }

  #tell(code: string, field: string, message: string): void {
    this.#warnings.push(warning(code, field === '' ? this.#path : `${this.#path}: ${field}`, message))
  }

  #text(key: string): string | null {
    return textOf(this.#of(key))
  }

  #line(key: string): string | null {
    return this.#text(key)?.replace(/\s+/g, ' ') ?? null
  }

  #address(key: string): string | null {
    const value = this.#of(key)
    const written = typeof value === 'string' ? value : null
    const text = textOf(value)
    if (text === null) return null
    if (written !== null && /^\s|[ \t]$/.test(written))
      this.#tell('manifest.blanks', key, 'Blanks around the address were left out.')
    return webAddress(text) === null ? null : text
  }

  #dialect(): string {
    const okhv = this.#line('okhv')
    if (endingOf(this.#path) === 'toml')
      return okhv === null ? 'OKH, version not said' : /^OKH/.test(okhv) ? okhv : `OKH ${okhv}`
    const said = this.#line('okh-manifest-version')
    const old = `OKH ${said === null ? '1.0' : said.replace(/^(\d+\.\d+)\.\d+$/, '$1')}`
    return okhv === null ? old : `${old} with ${okhv}`
  }

  #tellOddKeys(): void {
    const odd = [...this.#fields.keys]
      .filter(([plain]) => !knownKeys.has(plain))
      .map(([, key]) => cleanText(key).slice(0, 60))
    if (odd.length > 0)
      this.#tell(
        'manifest.keys',
        '',
        `Fields that the standard does not know were left out: ${odd.slice(0, 20).join(', ')}.`,
      )
    if (endingOf(this.#path) !== 'toml') return
    const converted = [...this.#fields.keys.values()].filter((key) => /[a-z][A-Z]/.test(key) && key !== 'openSCAD')
    if (converted.length > 0)
      this.#tell(
        'manifest.spelling',
        '',
        `Fields are written in another manner than the standard's: ${converted.slice(0, 10).join(', ')}.`,
      )
  }

  #tellOddValues(): void {
    for (const [key, value] of this.#fields.values) {
      if (!knownKeys.has(key)) continue
      const [first] = listOf(value)
      const isEmptied = typeof first === 'string' && textOf(first) === null && first.trim() !== ''
      if (isEmptied)
        this.#tell(
          'manifest.placeholder',
          this.#fields.keys.get(key) ?? key,
          'Only the placeholder of a template stands here; it was left out.',
        )
    }
    for (const [key, pattern] of [
      ['technology-readiness-level', /^OTRL-[1-6]$/],
      ['documentation-readiness-level', /^ODRL-[1-4]\*?$/],
    ] as const) {
      const level = this.#line(key)
      if (level !== null && !pattern.test(level))
        this.#tell('manifest.level', key, `"${level}" is no level of the standard.`)
    }
  }

  #description(): string | null {
    const parts = [this.#text('function'), this.#text('description'), this.#text('intended-use')].filter(
      (text) => text !== null,
    )
    if (parts.length === 0)
      this.#tell(
        'manifest.missing',
        this.#of('title') === undefined ? 'function' : 'description',
        'What the design is for is not said.',
      )
    return parts.length === 0 ? null : [...new Set(parts)].join('\n\n')
  }

  #version(): string | null {
    const version = this.#line('version')
    const none = version === null || /^unversioned$/i.test(version)
    if (none && !this.#isPart())
      this.#tell('manifest.missing', 'version', 'No version is said; the commit stands for it.')
    return none ? null : version
  }

  /** Manifests of single parts leave out what the one at the root says. */
  #isPart(): boolean {
    return this.#path.includes('/') && this.#homes.length === 0
  }

  #licences(): Manifest['licences'] {
    const value = this.#of('license') ?? this.#of('licence')
    const inner = fieldsOf(value).values
    const licences =
      inner.size === 0
        ? { hardware: textOf(value), documentation: null, software: null }
        : {
            hardware: textOf(inner.get('hardware')),
            documentation: textOf(inner.get('documentation')),
            software: textOf(inner.get('software')),
          }
    if (Object.values(licences).every((one) => one === null) && !this.#isPart())
      this.#tell('manifest.missing', 'license', 'No licence is said.')
    return licences
  }

  #creators(): string[] {
    const people = ['licensor', 'contributors', 'organization', 'organisation'].map((key) =>
      listOf(this.#of(key)).flatMap(nameOf),
    )
    const [licensors = [], contributors = [], ...houses] = people
    const named = licensors.length > 0 ? licensors : contributors.length > 0 ? contributors : houses.flat()
    if (named.length === 0) {
      if (!this.#isPart()) this.#tell('manifest.missing', 'licensor', 'Who made it is not said.')
      return listOf(this.#of('contact')).flatMap(nameOf)
    }
    return [...new Set(named)].slice(0, 50)
  }

  #parents(): Parent[] {
    return ['fork-of', 'derivative-of', 'variant-of'].flatMap((key) =>
      listOf(this.#of(key)).flatMap((value) => {
        const inner = fieldsOf(value).values
        const address = textOf(inner.get('web')) ?? textOf(inner.get('manifest')) ?? textOf(value)
        const title = textOf(inner.get('title')) ?? address
        if (title === null) return []
        return [{ title, address: (address === null ? null : webAddress(address)) ?? '' }]
      }),
    )
  }

  #paths(keys: readonly string[]): string[] {
    return keys.flatMap((key) => listOf(this.#of(key)).flatMap((value) => this.#place(key, value)))
  }

  #place(key: string, value: unknown): string[] {
    const inner = fieldsOf(value).values
    const written = textOf(inner.get('path') ?? inner.get('location') ?? inner.get('release') ?? value)
    if (written === null || written === '') return []
    const place = placeOf(written, folderOf(this.#path), this.#homes)
    if ('address' in place) return []
    if ('outside' in place) {
      this.#tell(
        'manifest.outside',
        key,
        `${cleanText(written).slice(0, 100)} leads out of the design and was left out.`,
      )
      return []
    }
    if (/^https?:/i.test(written))
      this.#tell('manifest.address', key, `${cleanText(written).slice(0, 200)} was read as the path ${place.path}.`)
    return place.path === '' ? [] : [place.path]
  }

  #parts(): ManifestPart[] {
    return listOf(this.#of('part')).flatMap((value) => {
      const inner = fieldsOf(value)
      const name = textOf(inner.values.get('name'))
      const paths = ['source', 'export'].flatMap((key) =>
        listOf(inner.values.get(key)).flatMap((one) => this.#place(`part ${key}`, one)),
      )
      return name === null ? [] : [{ name, paths, material: textOf(inner.values.get('material')) }]
    })
  }

  #size(): Manifest['size'] {
    const value = this.#of('outer-dimensions')
    if (value === undefined) return null
    const inner = fieldsOf(value).values
    const script = /\[\s*([\d.]+)\s*,\s*([\d.]+)\s*,\s*([\d.]+)\s*\]/.exec(textOf(inner.get('openscad') ?? value) ?? '')
    const written = script
      ? script.slice(1)
      : ['width', 'depth', 'height'].map((key) => inner.get(key) ?? (key === 'width' ? inner.get('widht') : undefined))
    const numbers = written.map(numberOf)
    const [x, y, z] = numbers
    if (script || inner.has('widht') || written.some((one) => typeof one === 'string')) {
      this.#tell(
        'manifest.size',
        'outer-dimensions',
        'The dimensions are not written as numbers in mm under width, depth and height.',
      )
    }
    return x != null && y != null && z != null ? { x, y, z } : null
  }
}

/** `Jane Doe (Org) <mail>`, or a table with her name: only the name, for attribution. Addresses of people are not kept. */
const nameOf = (value: unknown): string[] => {
  const text = textOf(fieldsOf(value).values.get('name') ?? value)
  const name = text
    ?.replace(/\s*<[^>]*>/g, '')
    .replace(/^[.\s]+/, '')
    .replace(/\s+/g, ' ')
    .trim()
  return name === undefined || name === '' || webAddress(name) !== null ? [] : [name.slice(0, 200)]
}
