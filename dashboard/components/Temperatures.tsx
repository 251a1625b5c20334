// Nozzle and bed as they are now, each with where it is going.
import { useLingui } from '@lingui/react/macro'
import { Group, Text, Tooltip } from '@mantine/core'
import { RectangleHorizontal, Thermometer, Wind } from 'lucide-react'
import type { Telemetry } from '../../server/contract/printers.ts'

/** The name of a heater in the person's language: T0 is the nozzle. */
export const useHeaterName = (): ((heater: string, alone?: boolean) => string) => {
  const { t } = useLingui()
  return (heater, alone = true) => {
    if (heater === 'B') return t`Bed`
    if (heater === 'C') return t`Chamber`
    const number = Number(heater.slice(1)) + 1
    return heater.startsWith('T') ? (alone ? t`Nozzle` : t`Nozzle ${number}`) : heater
  }
}

/** Those that people care for, nozzles first. */
export const shownHeaters = (temperatures: Telemetry['temperatures']): string[] =>
  Object.keys(temperatures)
    .filter((heater) => /^(T\d+|B|C)$/.test(heater))
    .sort((one, other) => (one < other ? 1 : -1))
    .sort((one, other) => Number(other.startsWith('T')) - Number(one.startsWith('T')))

export const Temperatures = ({ temperatures }: { temperatures: Telemetry['temperatures'] }) => {
  const nameOf = useHeaterName()
  const heaters = shownHeaters(temperatures)
  const nozzles = heaters.filter((heater) => heater.startsWith('T')).length
  return (
    <Group gap="md" wrap="wrap">
      {heaters.map((heater) => {
        const { actual, target = 0 } = temperatures[heater] ?? { actual: 0 }
        const Icon = heater === 'B' ? RectangleHorizontal : heater === 'C' ? Wind : Thermometer
        return (
          <Tooltip key={heater} label={nameOf(heater, nozzles < 2)}>
            <Group gap={4} wrap="nowrap">
              <Icon size={15} aria-hidden className={target > 0 ? 'heating' : 'cold'} />
              <Text size="sm" className="figures">
                <span className="visually-hidden">{nameOf(heater, nozzles < 2)} </span>
                {Math.round(actual)}°{target > 0 && <span className="target"> / {Math.round(target)}°</span>}
              </Text>
            </Group>
          </Tooltip>
        )
      })}
    </Group>
  )
}
