// Sets temperatures, fan, speed and flow of a printer.
import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Group, NumberInput, Slider, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import type { CommandBody } from '../../server/contract/printer-commands.ts'
import type { PrinterProfile, Telemetry } from '../../server/contract/printers.ts'
import { shownHeaters, useHeaterName } from './Temperatures.tsx'

export interface HeatControlsProps {
  readonly telemetry: Telemetry | null
  readonly profile: PrinterProfile
  readonly disabled: boolean
  ask(body: CommandBody): void
}

export const HeatControls = ({ telemetry, profile, disabled, ask }: HeatControlsProps) => {
  const { t } = useLingui()
  const heaters = shownHeaters(telemetry?.temperatures ?? {}).filter((heater) => heater !== 'C')
  return (
    <Stack gap="md">
      {(heaters.length > 0 ? heaters : ['T0', 'B']).map((heater) => (
        <HeaterRow
          key={heater}
          heater={heater}
          actual={telemetry?.temperatures[heater]?.actual}
          target={telemetry?.temperatures[heater]?.target ?? 0}
          most={heater === 'B' ? profile.maxBedTemperature : profile.maxNozzleTemperature}
          disabled={disabled}
          ask={ask}
        />
      ))}
      <PercentSlider
        label={t`Fan`}
        start={0}
        min={0}
        max={100}
        disabled={disabled}
        set={(percent) => ask({ kind: 'fan', speed: percent / 100 })}
      />
      <PercentSlider
        label={t`Speed`}
        start={100}
        min={10}
        max={300}
        disabled={disabled}
        set={(percent) => ask({ kind: 'feedrate', factor: percent / 100 })}
      />
      <PercentSlider
        label={t`Flow`}
        start={100}
        min={75}
        max={125}
        disabled={disabled}
        set={(percent) => ask({ kind: 'flow', factor: percent / 100 })}
      />
    </Stack>
  )
}

interface HeaterRowProps {
  readonly heater: string
  readonly actual: number | undefined
  readonly target: number
  readonly most: number
  readonly disabled: boolean
  ask(body: CommandBody): void
}

const HeaterRow = ({ heater, actual, target, most, disabled, ask }: HeaterRowProps) => {
  const { t } = useLingui()
  const name = useHeaterName()(heater)
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
        <Button type="submit" variant="light" disabled={disabled || typeof wanted !== 'number'}>
          <Trans>Set</Trans>
        </Button>
        <Button variant="default" disabled={disabled || target === 0} onClick={() => set(0)}>
          <Trans>Off</Trans>
        </Button>
      </Group>
    </form>
  )
}

interface PercentSliderProps {
  readonly label: string
  readonly start: number
  readonly min: number
  readonly max: number
  readonly disabled: boolean
  set(percent: number): void
}

const PercentSlider = ({ label, start, min, max, disabled, set }: PercentSliderProps) => {
  const [percent, setPercent] = useState(start)
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
        onChange={setPercent}
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
