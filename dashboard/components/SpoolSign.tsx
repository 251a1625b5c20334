// A spool at a glance: its colour, what it is, how much is left.
import { useLingui } from '@lingui/react/macro'
import { Progress, Text } from '@mantine/core'
import type { Filament, Spool } from '../../server/contract/spools.ts'
import { formatNumber } from '../format.ts'

/** Less than this is soon gone. */
const LOW_GRAMS = 100

export const nameOfFilament = ({ material, vendor, colourName }: Filament): string =>
  [material, colourName, vendor].filter((one) => one !== '').join(' · ')

/** Decoration beside a name. */
export const Swatch = ({ colour, size = 22 }: { colour: string | null; size?: number }) => (
  <span
    className={colour === null ? 'swatch unknown' : 'swatch'}
    style={{ width: size, height: size, ...(colour === null ? {} : { background: colour }) }}
    aria-hidden
  />
)

export const GramsLeft = ({ spool }: { spool: Spool }) => {
  const { t } = useLingui()
  const left = formatNumber(spool.gramsLeft)
  const low = spool.gramsLeft < LOW_GRAMS
  return (
    <div className="grams-left">
      <Text size="sm" className="figures nowrap" fw={low ? 650 : 450}>
        {t`${left} g left`}
      </Text>
      <Progress
        value={Math.min(100, (spool.gramsLeft / spool.fullGrams) * 100)}
        color={low ? 'red' : 'slate'}
        size={6}
        radius="xl"
        aria-label={t`${left} of ${formatNumber(spool.fullGrams)} g are left`}
      />
    </div>
  )
}
