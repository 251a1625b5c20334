// What a member may do, by role, by printer, and by key. The only list: the server asks it, the dashboard shows it.

export const roles = ['visitor', 'member', 'operator', 'steward'] as const
export type Role = (typeof roles)[number]

export const permissions = [
  /** See printers, queue and files. */
  'look',
  /** Upload files and queue jobs. */
  'queue',
  /** Have what one queued started without another word; a key without it only lays jobs ready. */
  'start',
  /** Book machine time for oneself, and wait for it. */
  'book',
  /** Pause, resume and cancel one's own print, clear the bed after it. */
  'mind-own-prints',
  /** Stop any printer in an emergency. */
  'emergency-stop',
  /** Press those macros of a printer that are for all members. */
  'press-macros',
  /** Move, heat, pause, cancel, clear: any printer, any print. */
  'run-printers',
  /** Send raw G-code. */
  'console',
  /** Add, change and remove printers. */
  'set-up-printers',
  /** Invite members, change roles, the site's settings, the audit log. */
  'steward',
] as const
export type Permission = (typeof permissions)[number]

const ofVisitor: readonly Permission[] = ['look']
const ofMember: readonly Permission[] = [
  ...ofVisitor,
  'queue',
  'start',
  'book',
  'mind-own-prints',
  'emergency-stop',
  'press-macros',
]
const ofOperator: readonly Permission[] = [...ofMember, 'run-printers', 'console']
const ofSteward: readonly Permission[] = [...ofOperator, 'set-up-printers', 'steward']

const allowed: Readonly<Record<Role, readonly Permission[]>> = {
  visitor: ofVisitor,
  member: ofMember,
  operator: ofOperator,
  steward: ofSteward,
}

/** What a role allows, before any limit. */
export const permissionsOf = (role: Role): readonly Permission[] => allowed[role]

/** What can be held to some printers. Settings and members are of no printer. */
export const limitable = permissions.filter((permission) => permission !== 'steward')

/** What a key may be given. No key makes members or stewards. */
export const scopes = limitable

/** Printers by their tags or one by one; one of either is enough. */
export interface PrinterSet {
  readonly tags: readonly string[]
  readonly printerIds: readonly number[]
}

/** A permission holds at these printers only. */
export interface Limit extends PrinterSet {
  readonly permission: (typeof limitable)[number]
}

/** Whoever asks, as far as it matters for what he may. */
export interface Holder {
  readonly role: Role
  readonly limits: readonly Limit[]
  /** Those of the key by which he asks; null: he is here in person. */
  readonly scopes: readonly Permission[] | null
}

/** A printer, as far as it matters for who may what at it. */
export interface PrinterPlace {
  readonly id: number
  readonly tags: readonly string[]
}

/** The limits that bind a permission besides its own: nobody runs what he may not see. */
const boundBy: Readonly<Record<Permission, readonly Permission[]>> = {
  look: [],
  queue: ['look'],
  start: ['look', 'queue'],
  book: ['look'],
  'mind-own-prints': ['look'],
  'emergency-stop': ['look'],
  'press-macros': ['look'],
  'run-printers': ['look'],
  console: ['look', 'run-printers'],
  'set-up-printers': ['look'],
  steward: [],
}

const holds = (set: PrinterSet, printer: PrinterPlace): boolean =>
  set.printerIds.includes(printer.id) || set.tags.some((tag) => printer.tags.includes(tag))

const limitsOn = (who: Holder, permission: Permission): readonly Limit[] => {
  const bounds = [permission, ...boundBy[permission]]
  return who.limits.filter((limit) => bounds.includes(limit.permission))
}

/** Whether the limits leave this printer in, whatever role and key allow. */
export const reaches = (who: Holder, permission: Permission, printer: PrinterPlace): boolean =>
  limitsOn(who, permission).every((limit) => holds(limit, printer))

/**
 * May this be done? `where`: at this printer; `somewhere`: at one at least, which opens the door but decides nothing;
 * `everywhere`: at all, for what is of no single printer.
 */
export const may = (
  who: Holder,
  permission: Permission,
  where: PrinterPlace | 'somewhere' | 'everywhere' = 'somewhere',
): boolean => {
  if (!allowed[who.role].includes(permission)) return false
  if (who.scopes !== null && !who.scopes.includes(permission)) return false
  const limits = limitsOn(who, permission)
  if (where === 'somewhere') return limits.every(({ tags, printerIds }) => tags.length + printerIds.length > 0)
  if (where === 'everywhere') return limits.length === 0
  return limits.every((limit) => holds(limit, where))
}
