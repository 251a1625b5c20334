// What a member may do, by role. The only list: the server asks it, and the dashboard shows what it allows.

export const roles = ['visitor', 'member', 'operator', 'steward'] as const
export type Role = (typeof roles)[number]

export type Permission =
  /** See printers, queue and files. */
  | 'look'
  /** Upload files and queue jobs. */
  | 'queue'
  /** Pause, resume and cancel one's own print, clear the bed after it. */
  | 'mind-own-prints'
  /** Stop any printer in an emergency. */
  | 'emergency-stop'
  /** Press those macros of a printer that are for all members. */
  | 'press-macros'
  /** Move, heat, pause, cancel, clear: any printer, any print. */
  | 'run-printers'
  /** Send raw G-code. */
  | 'console'
  /** Add, change and remove printers. */
  | 'set-up-printers'
  /** Invite members, change roles, the site's settings. */
  | 'steward'

const ofVisitor: readonly Permission[] = ['look']
const ofMember: readonly Permission[] = [...ofVisitor, 'queue', 'mind-own-prints', 'emergency-stop', 'press-macros']
const ofOperator: readonly Permission[] = [...ofMember, 'run-printers', 'console']
const ofSteward: readonly Permission[] = [...ofOperator, 'set-up-printers', 'steward']

const allowed: Readonly<Record<Role, readonly Permission[]>> = {
  visitor: ofVisitor,
  member: ofMember,
  operator: ofOperator,
  steward: ofSteward,
}

export const may = (role: Role, permission: Permission): boolean => allowed[role].includes(permission)
