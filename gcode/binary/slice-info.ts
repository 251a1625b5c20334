// Metadata/slice_info.config: what Bambu Studio and OrcaSlicer say of the plates in a .gcode.3mf.

export interface PlateFilament {
  /** Counts from 1, as the slicer shows it. */
  readonly id: number
  /** `PLA`, `PETG`... */
  readonly type: string
  /** `#RRGGBB`, or whatever stands there. */
  readonly colour: string
  /** The maker's code of the filament, such as `GFA00`. */
  readonly code: string
  /** How much of it the plate takes. */
  readonly usedLength: number
  readonly usedGrams: number
}

export interface PlateObject {
  /** What the printer is told to skip it by. */
  readonly id: number
  readonly name: string
  readonly skipped: boolean
}

/** What is not said of a plate is null, or an empty list. */
export interface PlateFacts {
  /** The time that the slicer states, with its preparations. */
  readonly seconds: number | null
  readonly firstLayerSeconds: number | null
  readonly massGrams: number | null
  /** `N1`, `C11`...: the model of printer that it was sliced for. */
  readonly printerModelId: string | null
  readonly nozzleDiameters: readonly number[]
  readonly hasSupport: boolean | null
  /** Whether single objects can be skipped while it prints. */
  readonly labelsObjects: boolean | null
  readonly filaments: readonly PlateFilament[]
  readonly objects: readonly PlateObject[]
}

const MOST_PLATES = 100
const MOST_TAGS = 20_000
const LONGEST_TEXT = 500

interface Tag {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
}

/** Facts by the number of the plate, from the bytes of the file. What cannot be read is left out. */
export const readSliceInfo = (bytes: Uint8Array): Map<number, PlateFacts> => {
  const plates = new Map<number, PlateFacts>()
  let tags: Tag[] = []
  for (const tag of tagsOf(new TextDecoder().decode(bytes))) {
    if (tag.name === 'plate') tags = []
    else if (tag.name !== '/plate') tags.push(tag)
    else {
      const number = numberFrom(metadataOf(tags).get('index'))
      if (number !== null && plates.size < MOST_PLATES) plates.set(number, factsOf(tags))
    }
  }
  return plates
}

const metadataOf = (tags: readonly Tag[]): Map<string, string> =>
  new Map(
    tags
      .filter((tag) => tag.name === 'metadata')
      .map(({ attributes }) => [attributes.get('key') ?? '', attributes.get('value') ?? '']),
  )

const factsOf = (tags: readonly Tag[]): PlateFacts => {
  const metadata = metadataOf(tags)
  const named = (name: string): ReadonlyMap<string, string>[] =>
    tags.filter((tag) => tag.name === name).map((tag) => tag.attributes)
  return {
    seconds: numberFrom(metadata.get('prediction')),
    firstLayerSeconds: numberFrom(metadata.get('first_layer_time')),
    massGrams: numberFrom(metadata.get('weight')),
    printerModelId: metadata.get('printer_model_id') || null,
    nozzleDiameters: (metadata.get('nozzle_diameters') ?? '').split(/[,;]/).flatMap((part) => numberFrom(part) ?? []),
    hasSupport: truthFrom(metadata.get('support_used')),
    labelsObjects: truthFrom(metadata.get('label_object_enabled')),
    filaments: named('filament').flatMap(filamentFrom),
    objects: named('object').flatMap(objectFrom),
  }
}

const filamentFrom = (attributes: ReadonlyMap<string, string>): PlateFilament[] => {
  const id = numberFrom(attributes.get('id'))
  if (id === null) return []
  return [
    {
      id,
      type: attributes.get('type') ?? '',
      colour: attributes.get('color') ?? '',
      code: attributes.get('tray_info_idx') ?? '',
      usedLength: 1000 * (numberFrom(attributes.get('used_m')) ?? 0),
      usedGrams: numberFrom(attributes.get('used_g')) ?? 0,
    },
  ]
}

const objectFrom = (attributes: ReadonlyMap<string, string>): PlateObject[] => {
  const id = numberFrom(attributes.get('identify_id'))
  if (id === null) return []
  return [{ id, name: attributes.get('name') ?? '', skipped: attributes.get('skipped') === 'true' }]
}

const numberFrom = (text: string | undefined): number | null =>
  text !== undefined && /^\s*\d{1,9}(\.\d{1,20})?\s*$/.test(text) ? Number(text) : null

const truthFrom = (text: string | undefined): boolean | null =>
  text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : null

/** The tags of an XML text one by one, `/plate` for `</plate>`. Whatever is not understood is passed over. */
function* tagsOf(xml: string): Generator<Tag> {
  let from = xml.indexOf('<')
  for (let count = 0; from >= 0 && count < MOST_TAGS; count++) {
    if (xml.startsWith('<!--', from)) {
      const end = xml.indexOf('-->', from + 4)
      from = end < 0 ? -1 : xml.indexOf('<', end)
      continue
    }
    const end = endOfTag(xml, from)
    if (end < 0) return
    const text = xml.slice(from + 1, end)
    const name = /^\/?[\w:.-]+/.exec(text)?.[0]
    if (name !== undefined) yield { name, attributes: attributesOf(text) }
    from = xml.indexOf('<', end)
  }
}

/** Where the `>` is that ends a tag, and not in a quoted value; -1 where there is none. */
const endOfTag = (xml: string, from: number): number => {
  let quote = ''
  for (let at = from; at < xml.length; at++) {
    const character = xml[at] as string
    if (quote !== '') {
      if (character === quote) quote = ''
    } else if (character === '>') return at
    else if (character === '"' || character === "'") quote = character
  }
  return -1
}

const attributesOf = (tag: string): Map<string, string> => {
  const attributes = new Map<string, string>()
  for (const [, name, , value] of tag.matchAll(/([\w:.-]+)\s*=\s*(["'])(.*?)\2/gs)) {
    attributes.set(name as string, decodeEntities(value as string).slice(0, LONGEST_TEXT))
  }
  return attributes
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

const decodeEntities = (text: string): string =>
  text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{1,10}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return entities[name] ?? whole
    const code = decimal !== undefined ? Number(decimal) : Number.parseInt(hex, 16)
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
