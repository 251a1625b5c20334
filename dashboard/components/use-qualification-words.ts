// What kinds, levels and ways of qualifications are called.
import { useLingui } from '@lingui/react/macro'
import type { Grant, Level, methods, QualificationKind } from '../../server/contract/qualifications.ts'

export interface QualificationWords {
  readonly kinds: Readonly<Record<QualificationKind, string>>
  readonly levels: Readonly<Record<Level, string>>
  readonly methods: Readonly<Record<(typeof methods)[number], string>>
  readonly states: Readonly<Record<Grant['state'], string>>
}

export const useQualificationWords = (): QualificationWords => {
  const { t } = useLingui()
  return {
    kinds: { safety: t`Safety`, skill: t`Skill`, host: t`Hosting` },
    levels: {
      visitor: t`visitor`,
      learner: t`learner: while somebody is there`,
      independent: t`independent: alone by day`,
      overnight: t`overnight: also when nobody is there at the end`,
      mentor: t`mentor: teaches it`,
      host: t`host: opens the workshop`,
    },
    methods: {
      demonstration: t`shown at the printer`,
      workshop: t`workshop`,
      quiz: t`quiz`,
      evidence: t`evidence from elsewhere`,
      peer: t`worked along with somebody`,
    },
    states: { valid: t`valid`, expired: t`ended`, revoked: t`revoked` },
  }
}
