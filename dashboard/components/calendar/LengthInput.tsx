// So many hours and minutes.
import { useLingui } from '@lingui/react/macro'
import { Group, Input, NumberInput } from '@mantine/core'

export interface LengthInputProps {
  readonly label: string
  readonly description?: string | undefined
  readonly minutes: number
  readonly step: number
  change(minutes: number): void
}

export const LengthInput = ({ label, description, minutes, step, change }: LengthInputProps) => {
  const { t } = useLingui()
  const hours = Math.floor(minutes / 60)
  const rest = minutes % 60
  return (
    <Input.Wrapper label={label} description={description} labelElement="div">
      <Group gap="xs" wrap="nowrap" mt={2}>
        <NumberInput
          aria-label={t`${label}, hours`}
          value={hours}
          min={0}
          max={168}
          allowDecimal={false}
          suffix={t` h`}
          onChange={(value) => change(Number(value) * 60 + rest)}
        />
        <NumberInput
          aria-label={t`${label}, minutes`}
          value={rest}
          min={hours === 0 ? 0 : -step}
          max={60}
          step={step}
          allowDecimal={false}
          suffix={t` min`}
          onChange={(value) => change(Math.max(0, hours * 60 + Number(value)))}
        />
      </Group>
    </Input.Wrapper>
  )
}
