// What roles are called, and what each of them is for.
import { useLingui } from '@lingui/react/macro'
import type { Role } from '../../server/contract/permissions.ts'

export interface RoleName {
  readonly name: string
  readonly does: string
}

export const useRoleNames = (): Record<Role, RoleName> => {
  const { t } = useLingui()
  return {
    visitor: { name: t`Visitor`, does: t`looks` },
    member: { name: t`Member`, does: t`queues parts` },
    operator: { name: t`Operator`, does: t`runs the machines` },
    steward: { name: t`Steward`, does: t`settings and members` },
  }
}
