// Sets temperatures, fan, speed and flow of a printer.
import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Group, NumberInput, Slider, Stack, Text } from '@mantine/core'
import { useEffect, useState } from 'react'
import type { CommandBody } from '../../server/contract/printer-commands.ts'
import type { PrinterProfile, Telemetry } from '../../server/contract/printers.ts'
import { BabySteps } from './BabySteps.tsx'
import { shownHeaters, useHeaterName } from './Temperatures.tsx'

/** A wish that the printer has not taken by then was not taken. */
const FORGET_MS = 6000
/** No profile speaks of chambers. */
const HOTTEST_CHAMBER = 90

const mostOf = (heater: string, profile: PrinterProfile): number =>
  heater === 'B' ? profile.maxBedTemperature : heater === 'C' ? HOTTEST_CHAMBER : profile.maxNozzleTemperature

export interface HeatControlsProps {
  readonly telemetry: Telemetry | null
  readonly profile: PrinterProfile
  readonly disabled: boolean
  ask(body: CommandBody): void
}

export const HeatControls = ({ telemetry, profile, disabled, ask }: HeatControlsProps) => {
  const { t } = useLingui()
  const heaters = shownHeaters(telemetry?.temperatures ?? {})
  const nozzles = heaters.filter((heater) => heater.startsWith('T')).length
  const controls = telemetry?.controls
  const fan = controls?.fan ?? null
  return (
    <Stack gap="md">
      {(heaters.length > 0 ? heaters : ['T0', 'B']).map((heater) => (
        <HeaterRow
          key={heater}
          heater={heater}
          actual={telemetry?.temperatures[heater]?.actual}
          target={telemetry?.temperatures[heater]?.target ?? 0}
          most={mostOf(heater, profile)}
          alone={nozzles < 2}
          disabled={disabled}
          ask={ask}
        />
      ))}
      <PercentSlider
        label={t`Fan`}
        now={fan === null ? 0 : Math.round(fan * 100)}
        min={0}
        max={100}
        disabled={disabled}
        set={(percent) => ask({ kind: 'fan', speed: percent / 100 })}
      />
      <PercentSlider
        label={t`Speed`}
        now={Math.round((controls?.feedrateFactor ?? 1) * 100)}
        min={10}
        max={300}
        disabled={disabled}
        set={(percent) => ask({ kind: 'feedrate', factor: percent / 100 })}
      />
      <PercentSlider
        label={t`Flow`}
        now={Math.round((controls?.flowFactor ?? 1) * 100)}
        min={75}
        max={125}
        disabled={disabled}
        set={(percent) => ask({ kind: 'flow', factor: percent / 100 })}
      />
      <BabySteps sum={controls?.babyStep ?? 0} disabled={disabled} ask={ask} />
    </Stack>
  )
}

interface HeaterRowProps {
  readonly heater: string
  readonly actual: number | undefined
  readonly target: number
  readonly most: number
  /** The only nozzle needs no number. */
  readonly alone: boolean
  readonly disabled: boolean
  ask(body: CommandBody): void
}

const HeaterRow = ({ heater, actual, target, most, alone, disabled, ask }: HeaterRowProps) => {
  const { t } = useLingui()
  const name = useHeaterName()(heater, alone)
  const [wanted, setWanted] = useState<number | string>('')
  const set = (degrees: number): void => {
    ask({ kind: 'heat', heater, target: degrees })
    setWanted('')
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (typeof wanted === 'number') set(wanted)
      }}
    >
      <Group gap="xs" wrap="nowrap" align="flex-end">
        <NumberInput
          label={name}
          description={
            actual === undefined ? undefined : t`Now ${Math.round(actual)} °C, set to ${Math.round(target)} °C`
          }
          placeholder={target > 0 ? String(Math.round(target)) : t`Off`}
          value={wanted}
          onChange={setWanted}
          min={0}
          max={most}
          clampBehavior="strict"
          suffix=" °C"
          disabled={disabled}
          className="grow"
        />
        <Button type="submit" variant="light" className="keep-width" disabled={disabled || typeof wanted !== 'number'}>
          <Trans>Set</Trans>
        </Button>
        <Button variant="default" className="keep-width" disabled={disabled || target === 0} onClick={() => set(0)}>
          <Trans>Off</Trans>
        </Button>
      </Group>
    </form>
  )
}

interface PercentSliderProps {
  readonly label: string
  /** As the printer has it. */
  readonly now: number
  readonly min: number
  readonly max: number
  readonly disabled: boolean
  set(percent: number): void
}

const PercentSlider = ({ label, now, min, max, disabled, set }: PercentSliderProps) => {
  // While it is dragged, and until the printer has told, it stands where the hand left it.
  const [wanted, setWanted] = useState<number | null>(null)
  const percent = wanted ?? now
  useEffect(() => {
    if (wanted === null) return
    const timer = setTimeout(() => setWanted(null), wanted === now ? 0 : FORGET_MS)
    return () => clearTimeout(timer)
  }, [wanted, now])
  return (
    <div>
      <Group justify="space-between">
        <Text size="sm" fw={500}>
          {label}
        </Text>
        <Text size="sm" className="figures">
          {percent} %
        </Text>
      </Group>
      <Slider
        value={percent}
        onChange={setWanted}
        onChangeEnd={set}
        min={min}
        max={max}
        step={5}
        label={null}
        disabled={disabled}
        thumbLabel={label}
      />
    </div>
  )
}
