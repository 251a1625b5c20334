// Which layers are shown, and up to which move of the last one; and the play button.
import { Trans, useLingui } from '@lingui/react/macro'
import { ActionIcon, Group, RangeSlider, Select, Slider, Text } from '@mantine/core'
import { Pause, Play } from 'lucide-react'
import { formatNumber } from '../format.ts'

/** How many times as fast as the printer. */
export const playSpeeds = [1, 10, 60, 300, 1000] as const

export const LayerSlider = ({
  layers,
  from,
  to,
  zOf,
  change,
}: {
  layers: number
  /** Counted from 1. */
  from: number
  to: number
  zOf(layer: number): number
  change(from: number, to: number): void
}) => {
  const { t } = useLingui()
  return (
    <div className="layer-slider">
      <Text size="xs" className="figures" ta="center" aria-hidden>
        {formatNumber(to)}
      </Text>
      <RangeSlider
        orientation="vertical"
        size="md"
        min={1}
        max={Math.max(2, layers)}
        minRange={0}
        value={[from, to]}
        disabled={layers < 2}
        label={(layer) => t`Layer ${formatNumber(layer)} · ${formatNumber(zOf(layer - 1), 2)} mm`}
        thumbFromLabel={t`First layer that is shown`}
        thumbToLabel={t`Last layer that is shown`}
        onChange={([first, last]) => change(first, Math.min(last, layers))}
        classNames={{ root: 'layer-slider-track', label: 'layer-slider-label' }}
      />
      <Text size="xs" className="figures" ta="center" aria-hidden>
        {formatNumber(from)}
      </Text>
    </div>
  )
}

export const MoveSlider = ({
  moves,
  at,
  playing,
  speed,
  change,
  play,
  setSpeed,
}: {
  /** Of the last layer that is shown. */
  moves: number
  at: number
  playing: boolean
  speed: number
  change(at: number): void
  play(on: boolean): void
  setSpeed(speed: number): void
}) => {
  const { t } = useLingui()
  return (
    <Group gap="sm" wrap="nowrap" className="move-slider">
      <ActionIcon
        variant="filled"
        size={36}
        radius="xl"
        aria-label={playing ? t`Stop` : t`Play`}
        onClick={() => play(!playing)}
      >
        {playing ? <Pause size={18} aria-hidden /> : <Play size={18} aria-hidden />}
      </ActionIcon>
      <Slider
        className="grow"
        size="md"
        min={0}
        max={Math.max(1, moves)}
        value={at}
        label={(move) => t`Move ${formatNumber(move)} of ${formatNumber(moves)}`}
        thumbLabel={t`Move of the layer`}
        onChange={change}
      />
      <Select
        size="xs"
        w={84}
        className="keep-width"
        aria-label={t`How fast it plays`}
        data={playSpeeds.map((value) => ({ value: String(value), label: `${formatNumber(value)} ×` }))}
        value={String(speed)}
        allowDeselect={false}
        onChange={(value) => value !== null && setSpeed(Number(value))}
      />
    </Group>
  )
}

export const ReadingNote = ({ part, stop }: { part: number; stop(): void }) => (
  <div className="toolpath-note" role="status">
    <Text size="sm" className="figures">
      <Trans>Reading the file: {formatNumber(Math.round(part * 100))} %</Trans>
    </Text>
    <button type="button" className="plain-button" onClick={stop}>
      <Trans>Stop</Trans>
    </button>
  </div>
)
