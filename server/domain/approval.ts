// Whose jobs wait for an operator's yes, and after which changes they ask anew.
import type { Approval, JobWishes } from '../contract/jobs.ts'
import { type Holder, may, type Role } from '../contract/permissions.ts'

/** Of a new job. Who runs the machines needs nobody's yes. */
export const approvalOfNew = (who: Holder, approvalRoles: readonly Role[]): Approval =>
  approvalRoles.includes(who.role) && !may(who, 'run-printers', 'everywhere') ? 'asked' : 'none'

/** What an operator has looked at before saying yes. */
const looked: readonly (keyof JobWishes)[] = [
  'copies',
  'materialWanted',
  'colourWanted',
  'nozzleWanted',
  'printerId',
  'printerTags',
]

/** The approval after a change: a yes or no holds for what was looked at, and not for something else. */
export const approvalAfter = (approval: Approval, who: Holder, changed: readonly string[]): Approval => {
  if (approval === 'none' || approval === 'asked' || may(who, 'run-printers', 'everywhere')) return approval
  return looked.some((wish) => changed.includes(wish)) ? 'asked' : approval
}
