// Has somebody learnt what is asked for here? Booking, starting, clearing a bed and the queue all ask `missingFor`.
import {
  type Covers,
  type Level,
  levels,
  type Missing,
  type QualificationKind,
  type Use,
} from '../contract/qualifications.ts'

const DAY = 86_400

/** What a workshop asks for. */
export interface Required {
  readonly id: number
  readonly name: string
  readonly kind: QualificationKind
  readonly covers: Covers
  readonly expiry: 'never' | 'after' | 'disuse'
  readonly expiryDays: number | null
  readonly nextStep: string
}

/** What was granted and not revoked. Instants are seconds since 1970. */
export interface Granted {
  readonly qualificationId: number
  readonly level: Level
  readonly at: number
  readonly validUntil: number | null
}

/** The last print of this material on this printer that ended well. */
export interface LastUse {
  readonly printerId: number
  readonly material: string
  readonly at: number
}

export interface QualifiedPrinter {
  readonly id: number
  readonly tags: readonly string[]
  /** Alike for printers of one model. */
  readonly model: string
}

/** One member's record, and what there is to be recorded. */
export interface Learnt {
  readonly required: readonly Required[]
  readonly granted: readonly Granted[]
  readonly uses: readonly LastUse[]
  readonly printers: readonly QualifiedPrinter[]
}

export interface Asked {
  readonly use: Use
  readonly printer: QualifiedPrinter
  /** Null: not known yet; then it is asked when it is. */
  readonly material: string | null
  readonly attended: Attended
}

/** Whether somebody is there: from the start to the end, at both, at the start only, or not even then. */
export type Attended = 'whole' | 'ends' | 'start' | 'no'

const rank = (level: Level): number => levels.indexOf(level)

const atLeast = (has: Level, needed: Level): boolean => rank(has) >= rank(needed)

/** Whether a qualification is asked for at this printer with this material. */
export const coversUse = (
  { covers }: Pick<Required, 'covers'>,
  printer: QualifiedPrinter,
  material: string | null,
  printers: readonly QualifiedPrinter[],
): boolean => {
  const { tags, printerIds, modelOf, materials } = covers
  const named = tags.length + printerIds.length + modelOf.length > 0
  const isModel = printers.some(({ id, model }) => modelOf.includes(id) && model === printer.model)
  const isHere = printerIds.includes(printer.id) || tags.some((tag) => printer.tags.includes(tag)) || isModel
  if (named && !isHere) return false
  return materials.length === 0 || materials.some((one) => one.toUpperCase() === material?.toUpperCase())
}

/** When a grant ends, as it stands; null where it does not. Disuse counts from the last use, or from the grant. */
export const endOfGrant = (
  required: Required,
  grant: Pick<Granted, 'at' | 'validUntil'>,
  uses: readonly LastUse[],
  printers: readonly QualifiedPrinter[],
): number | null => {
  if (required.expiry !== 'disuse' || required.expiryDays === null) return grant.validUntil
  const used = uses
    .filter(({ printerId, material }) => {
      const printer = printers.find(({ id }) => id === printerId)
      return printer !== undefined && coversUse(required, printer, material, printers)
    })
    .map(({ at }) => at)
  const ends = Math.max(grant.at, ...used) + required.expiryDays * DAY
  return grant.validUntil === null ? ends : Math.min(ends, grant.validUntil)
}

/**
 * The level that somebody has at `now`. A skill that has expired leaves him a learner: he is not locked out, but prints
 * where somebody is there. Safety that has expired is gone.
 */
export const levelOf = (required: Required, { granted, uses, printers }: Learnt, now: number): Level => {
  let best: Level = 'visitor'
  for (const grant of granted) {
    if (grant.qualificationId !== required.id) continue
    const ends = endOfGrant(required, grant, uses, printers)
    const expired = ends !== null && ends <= now
    if (expired && required.kind !== 'skill') continue
    const level = expired ? 'learner' : grant.level
    if (rank(level) > rank(best)) best = level
  }
  return best
}

/** What is needed; null where this kind is not asked for in such a use. */
const neededFor = (kind: QualificationKind, { use, attended }: Asked): Level | null => {
  if (kind === 'safety') return 'learner'
  // Who opens the workshop when nobody is there hosts it.
  if (kind === 'host') return attended === 'no' && use !== 'start' ? 'learner' : null
  if (attended === 'whole') return 'learner'
  return attended === 'ends' || use === 'clear' ? 'independent' : 'overnight'
}

/** What somebody lacks for it; empty where nothing, as in a workshop that has set up no qualification. */
export const missingFor = (asked: Asked, learnt: Learnt, now: number): Missing[] => {
  const missing: Missing[] = []
  for (const required of learnt.required) {
    if (!coversUse(required, asked.printer, asked.material, learnt.printers)) continue
    const needed = neededFor(required.kind, asked)
    if (needed === null) continue
    const has = levelOf(required, learnt, now)
    if (atLeast(has, needed)) continue
    missing.push({
      qualificationId: required.id,
      name: required.name,
      kind: required.kind,
      needed,
      has,
      message: sentenceFor(required, needed, has),
      nextStep: required.nextStep || `Ask a mentor of "${required.name}" to show you.`,
    })
  }
  return missing
}

const sentenceFor = ({ name, kind }: Required, needed: Level, has: Level): string => {
  if (kind === 'safety') return `"${name}" is asked for here, and you do not have it, or it has ended.`
  if (kind === 'host') return `Nobody is there then: only who may open the workshop ("${name}") can do this.`
  if (has === 'visitor') return `"${name}" is asked for here, and you have not learnt it yet.`
  if (needed === 'overnight') return `"${name}" at the level overnight is asked for where nobody is there at the end.`
  return `"${name}" at the level ${needed} is asked for where nobody is there; you are a ${has}.`
}

/** Up to which level somebody may grant it. Mentors teach to work alone; hosts up to mentor; stewards all. */
export const mayGrantUpTo = (has: Level, isSteward: boolean): Level | null => {
  if (isSteward) return 'host'
  if (has === 'host') return 'mentor'
  return has === 'mentor' ? 'independent' : null
}

export const mayGrantLevel = (upTo: Level | null, level: Level): boolean => upTo !== null && atLeast(upTo, level)
