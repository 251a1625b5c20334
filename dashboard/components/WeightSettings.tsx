// How much each reason weighs in the order of the queue, and the minutes the scheduler reckons with.
import { Trans, useLingui } from '@lingui/react/macro'
import { Card, NumberInput, SimpleGrid, Text, Title } from '@mantine/core'
import type { ScheduleSettings, Weights } from '../../server/contract/scheduling.ts'
import type { SettingsPartProps } from './HoursSettings.tsx'

type NumberField = {
  [K in keyof ScheduleSettings]: ScheduleSettings[K] extends number ? K : never
}[keyof ScheduleSettings]

export const WeightSettings = ({ settings, change }: SettingsPartProps) => {
  const { t } = useLingui()
  const { weights } = settings
  const weightNames: Record<keyof Weights, string> = {
    fairShare: t`No machine time held lately`,
    waited: t`Waited long for each hour of machine time`,
    short: t`A short part`,
    priority: t`High priority`,
    age: t`A long wait`,
    wantedBy: t`Wanted soon`,
    idleBed: t`Bed idle (taken off)`,
  }
  return (
    <Card withBorder>
      <Title order={2}>
        <Trans>Weights</Trans>
      </Title>
      <Text size="sm" c="dimmed" mb="md">
        <Trans>The points that each can give. Members see them, with the sum for each of their jobs.</Trans>
      </Text>
      <SimpleGrid cols={{ base: 2, sm: 3 }}>
        {(Object.keys(weightNames) as (keyof Weights)[]).map((name) => (
          <NumberInput
            key={name}
            label={weightNames[name]}
            value={weights[name]}
            min={0}
            max={100_000}
            step={100}
            onChange={(value) => typeof value === 'number' && change({ weights: { ...weights, [name]: value } })}
          />
        ))}
      </SimpleGrid>
      <Title order={3} mt="lg" mb="xs">
        <Trans>Time</Trans>
      </Title>
      <TimeFields settings={settings} change={change} />
    </Card>
  )
}

const TimeFields = ({ settings, change }: SettingsPartProps) => {
  const { t } = useLingui()
  const fields: [NumberField, string, number, number][] = [
    ['clearMinutes', t`Clearing a bed, minutes`, 0, 600],
    ['setupMinutes', t`Getting ready, minutes`, 0, 600],
    ['swapMinutes', t`Changing a filament, minutes`, 0, 600],
    ['marginMinutes', t`Spare before a booking, minutes`, 0, 600],
    ['bookingCaution', t`Caution before a booking, 1 to 4`, 1, 4],
    ['heatMinutes', t`Heating up, minutes`, 0, 120],
    ['holdHours', t`Kept a printer after, hours`, 1, 2000],
    ['ageHours', t`All points for waiting after, hours`, 1, 1000],
    ['halfLifeDays', t`Machine time counts half after, days`, 1, 365],
    ['damping', t`Damping of the shares`, 0.1, 100],
  ]
  return (
    <SimpleGrid cols={{ base: 2, sm: 3 }}>
      {fields.map(([name, label, min, max]) => (
        <NumberInput
          key={name}
          label={label}
          value={settings[name]}
          min={min}
          max={max}
          onChange={(value) => typeof value === 'number' && change({ [name]: value })}
        />
      ))}
    </SimpleGrid>
  )
}
