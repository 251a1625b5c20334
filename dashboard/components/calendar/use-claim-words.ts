// What a claim is called on a calendar, and what its state is called.
import { useLingui } from '@lingui/react/macro'
import type { Claim, ClaimState } from '../../../server/contract/bookings.ts'

export interface ClaimWords {
  name(claim: Claim): string
  /** Where there is little room, and a sign beside it says what it is. */
  short(claim: Claim): string
  state(state: ClaimState): string
}

export const useClaimWords = (): ClaimWords => {
  const { t } = useLingui()
  const states: Record<ClaimState, string> = {
    held: t`being booked`,
    booked: t`booked`,
    checked_in: t`in use`,
    completed: t`over`,
    released_early: t`given back`,
    no_show: t`nobody came`,
    cancelled: t`cancelled`,
    displaced: t`had to make way`,
    expired: t`lapsed`,
  }
  const name = (claim: Claim): string => {
    if (claim.kind === 'maintenance') return claim.purpose === '' ? t`Maintenance` : t`Maintenance: ${claim.purpose}`
    if (claim.kind === 'event') return claim.purpose === '' ? t`Event` : t`Event: ${claim.purpose}`
    const whose = claim.mine ? t`Mine` : (claim.memberName ?? t`Booked`)
    if (claim.kind === 'hold') return t`${whose}, on the way`
    if (claim.state === 'held') return t`${whose}, being booked`
    return claim.purpose === '' ? whose : t`${whose}: ${claim.purpose}`
  }
  const short = (claim: Claim): string =>
    (claim.kind === 'maintenance' || claim.kind === 'event' || claim.mine) && claim.purpose !== ''
      ? claim.purpose
      : name(claim)
  return { name, short, state: (state) => states[state] }
}
