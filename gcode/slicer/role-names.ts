// What slicers call what they extrude -> our roles.
import { type Role, roles } from '../roles.ts'

/** By slicer; capitals do not count. A name that stands in two lists means the same in both. */
const names: readonly (readonly [Role, readonly string[]])[] = [
  // PrusaSlicer, SuperSlicer, Slic3r: `;TYPE:`
  ['external-perimeter', ['External perimeter']],
  ['perimeter', ['Perimeter', 'Internal perimeter']],
  ['overhang', ['Overhang perimeter']],
  ['infill', ['Internal infill']],
  ['solid-infill', ['Solid infill']],
  ['top-infill', ['Top solid infill']],
  ['bridge', ['Bridge infill', 'Internal bridge infill']],
  ['gap-fill', ['Gap fill']],
  ['thin-wall', ['Thin wall']],
  ['ironing', ['Ironing']],
  ['skirt', ['Skirt', 'Skirt/Brim']],
  ['support', ['Support material']],
  ['support-interface', ['Support material interface']],
  ['wipe-tower', ['Wipe tower']],
  ['custom', ['Custom']],
  // OrcaSlicer `;TYPE:`, Bambu Studio `; FEATURE:`
  ['external-perimeter', ['Outer wall']],
  ['perimeter', ['Inner wall']],
  ['overhang', ['Overhang wall']],
  ['infill', ['Sparse infill']],
  ['solid-infill', ['Internal solid infill', 'Floating vertical shell']],
  ['top-infill', ['Top surface']],
  ['bottom-infill', ['Bottom surface']],
  ['bridge', ['Bridge', 'Internal bridge', 'External bridge']],
  ['gap-fill', ['Gap infill']],
  ['brim', ['Brim']],
  ['support', ['Support', 'Support transition']],
  ['support-interface', ['Support interface']],
  ['wipe-tower', ['Prime tower', 'Flush']],
  // Cura and ideaMaker: `;TYPE:`
  ['external-perimeter', ['WALL-OUTER']],
  ['perimeter', ['WALL-INNER']],
  ['infill', ['FILL']],
  ['solid-infill', ['SKIN', 'SOLID-FILL']],
  ['gap-fill', ['GAP-FILL']],
  ['thin-wall', ['THIN-WALL']],
  ['raft', ['RAFT']],
  ['support-interface', ['SUPPORT-INTERFACE', 'DENSE-SUPPORT']],
  ['wipe-tower', ['PRIME-TOWER', 'PILLAR', 'SHIELD']],
  // Simplify3D: `; feature ...`
  ['external-perimeter', ['outer perimeter', 'external single extrusion']],
  ['perimeter', ['inner perimeter']],
  ['solid-infill', ['solid layer']],
  ['thin-wall', ['single extrusion', 'internal single extrusion']],
  ['support-interface', ['dense support']],
  ['wipe-tower', ['prime pillar', 'ooze shield']],
  ['infill', ['infill']],
  // KISSlicer: `; 'Perimeter Path', ...` (its loops lie inside of its perimeter); the word Path is cut off
  ['perimeter', ['Loop']],
  ['solid-infill', ['Solid']],
  ['infill', ['Stacked sparse infill']],
  ['gap-fill', ['Crown']],
  ['support', ['Support (may stack)', 'Support base']],
  ['ironing', ['Travel/Ironing']],
  // CraftWare, and IceSL in its manner: `;segType:`
  ['solid-infill', ['HShell']],
  ['perimeter', ['Shell']],
  ['external-perimeter', ['Hair']],
  ['wipe-tower', ['Tower']],
]

const lowerCase = (byte: number): number => (byte >= 65 && byte <= 90 ? byte + 32 : byte)

/** FNV-1a over the lower-case bytes. */
const hashOf = (bytes: Uint8Array, from: number, to: number): number => {
  let hash = 0x811c9dc5
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ lowerCase(bytes[at] as number), 0x01000193)
  return hash
}

interface Name {
  readonly bytes: Uint8Array
  readonly role: number
}

const LONGEST_NAME = 40

const known = new Map<number, Name>()
for (const [role, all] of names) {
  for (const name of all) {
    const bytes = Uint8Array.from(name.toLowerCase(), (letter) => letter.charCodeAt(0))
    known.set(hashOf(bytes, 0, bytes.length), { bytes, role: roles.indexOf(role) })
  }
}

/** The place in `roles` of the name in `bytes[from, to)`, or -1 where no slicer is known to use it. */
export const roleNamed = (bytes: Uint8Array, from: number, to: number): number => {
  const length = to - from
  if (length > LONGEST_NAME) return -1
  const name = known.get(hashOf(bytes, from, to))
  if (name === undefined || name.bytes.length !== length) return -1
  for (let n = 0; n < length; n++) if (name.bytes[n] !== lowerCase(bytes[from + n] as number)) return -1
  return name.role
}
