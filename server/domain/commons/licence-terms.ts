// What licences permit and ask for, by SPDX id. Not legal advice: the reading that a careful workshop takes.
import type { AskReason } from '../../contract/licences.ts'

type Answer = 'yes' | 'no' | 'ask'

export interface Terms {
  readonly make: Answer
  readonly sell: Answer
  readonly adapt: Answer
  readonly shareAlike: boolean
  readonly attribution: boolean
  readonly sourceTravels: boolean
  readonly tellsMakers: boolean
  readonly asks: AskReason | null
}

const open: Terms = {
  make: 'yes',
  sell: 'yes',
  adapt: 'yes',
  shareAlike: false,
  attribution: false,
  sourceTravels: false,
  tellsMakers: false,
  asks: null,
}
const notice: Terms = { ...open, attribution: true }
const alike: Terms = { ...notice, shareAlike: true }
/** CERN-OHL-S/W §4: each recipient of a product gets the complete source or is told where it is. The GPL likewise. */
const reciprocal: Terms = { ...alike, sourceTravels: true }
/** Changes may not be shared. */
const unchanged: Terms = { ...notice, adapt: 'no' }
/** Whether a workshop that charges at cost is commercial is nowhere settled: a person decides. */
const nonCommercial: Terms = { ...notice, make: 'ask', sell: 'no', adapt: 'ask', asks: 'non-commercial' }

export const closed = (asks: AskReason): Terms => ({ ...notice, make: 'ask', sell: 'ask', adapt: 'ask', asks })

/** The first that fits. Ids as in the SPDX list. */
const table: readonly (readonly [RegExp, Terms])[] = [
  [/^(CC0-1\.0|Unlicense|0BSD|WTFPL|CC-PDDC|PDDL-1\.0|MIT-0)$/, open],
  [/^CC-BY-NC-SA-/, { ...nonCommercial, shareAlike: true }],
  [/^CC-BY-NC-ND-/, { ...nonCommercial, adapt: 'no' }],
  [/^CC-BY-NC-|^PolyForm-(Noncommercial|Small)|^Aladdin$/, nonCommercial],
  [/^CC-BY-ND-/, unchanged],
  [/^CC-BY-SA-/, alike],
  [/^CC-BY-\d/, notice],
  [/^CERN-OHL-P-2\.0$/, notice],
  [/^CERN-OHL-[SW]-2\.0$/, reciprocal],
  [/^CERN-OHL-1\.[12]$/, alike],
  // TAPR §3: who distributes changed documents e-mails every licensor that gave an address.
  [/^TAPR-OHL-1\.0$/, { ...reciprocal, tellsMakers: true }],
  [/^(A|L)?GPL-\d/, reciprocal],
  [/^(MPL|EPL|EUPL|OSL|CDDL|CECILL|MS-RL|QPL)-?/, reciprocal],
  [/^(LAL-1\.[23]|GFDL-.*|ODbL-1\.0|CECILL-.*)$/, alike],
  [
    /^(MIT|ISC|Zlib|X11|BSD-.*|Apache-[12]\.\d|SHL-.*|BSL-1\.0|NCSA|PSF-2\.0|Python-2\.0|AFL-.*|ECL-.*|MS-PL|Artistic-.*|CECILL-B|UPL-1\.0|ODC-By-1\.0|BlueOak-1\.0\.0|MulanPSL-.*)$/,
    notice,
  ],
]

/** Null: a licence of which this table knows nothing. */
export const termsOf = (id: string): Terms | null => table.find(([pattern]) => pattern.test(id))?.[1] ?? null

const worst = (one: Answer, other: Answer): Answer => {
  if (one === 'no' || other === 'no') return 'no'
  return one === 'ask' || other === 'ask' ? 'ask' : 'yes'
}

/** Both hold: what only one of them allows is not allowed, what either asks is due. */
export const bothTerms = (one: Terms, other: Terms): Terms => ({
  make: worst(one.make, other.make),
  sell: worst(one.sell, other.sell),
  adapt: worst(one.adapt, other.adapt),
  shareAlike: one.shareAlike || other.shareAlike,
  attribution: one.attribution || other.attribution,
  sourceTravels: one.sourceTravels || other.sourceTravels,
  tellsMakers: one.tellsMakers || other.tellsMakers,
  asks: one.asks ?? other.asks,
})

const points: Readonly<Record<Answer, number>> = { yes: 100, ask: 10, no: 0 }

const freedom = (terms: Terms): number =>
  (terms.asks === null ? 1000 : 0) +
  points[terms.make] +
  points[terms.sell] +
  points[terms.adapt] -
  [terms.shareAlike, terms.attribution, terms.sourceTravels, terms.tellsMakers].filter(Boolean).length

/** The member chooses: the freer one. */
export const freerTerms = (one: Terms, other: Terms): Terms => (freedom(other) > freedom(one) ? other : one)
