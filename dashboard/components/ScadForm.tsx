// Parameters of a part as its maker offers them: groups, ranges, lists, texts, switches and vectors.
import { useLingui } from '@lingui/react/macro'
import { Group, Input, NumberInput, Select, Slider, Stack, Switch, Text, TextInput } from '@mantine/core'
import type { ScadParameter, ScadValue, ScadValues } from '../../server/contract/model-work.ts'

export interface ScadFormProps {
  readonly parameters: readonly ScadParameter[]
  /** Those that were changed. */
  readonly values: ScadValues
  change(name: string, value: ScadValue): void
}

/** `wall_thickness` -> `Wall thickness`. */
const labelOf = (name: string): string => {
  const words = name.replaceAll('_', ' ').trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

export const ScadForm = ({ parameters, values, change }: ScadFormProps) => {
  const groups = [...new Set(parameters.map(({ group }) => group))]
  return (
    <Stack gap="lg">
      {groups.map((group) => (
        <fieldset key={group} className="plain-fieldset">
          {group !== '' && (
            <Text component="legend" fw={600} mb={6}>
              {group}
            </Text>
          )}
          <Stack gap="sm">
            {parameters
              .filter((parameter) => parameter.group === group)
              .map((parameter) => (
                <Field
                  key={parameter.name}
                  parameter={parameter}
                  value={values[parameter.name] ?? parameter.initial}
                  change={(value) => change(parameter.name, value)}
                />
              ))}
          </Stack>
        </fieldset>
      ))}
    </Stack>
  )
}

interface FieldProps {
  readonly parameter: ScadParameter
  readonly value: ScadValue
  change(value: ScadValue): void
}

const Field = (props: FieldProps) => {
  const { parameter, value, change } = props
  const { name, caption, kind, options, maxLength } = parameter
  const said = { label: labelOf(name), ...(caption === '' ? {} : { description: caption }) }
  if (options !== null) {
    return (
      <Select
        {...said}
        data={options.map((option) => ({ value: String(option.value), label: option.label }))}
        value={String(value)}
        allowDeselect={false}
        searchable={options.length > 12}
        onChange={(chosen) => {
          const option = options.find((one) => String(one.value) === chosen)
          if (option !== undefined) change(option.value)
        }}
      />
    )
  }
  switch (kind) {
    case 'boolean':
      return (
        <Switch {...said} checked={value === true} onChange={({ currentTarget }) => change(currentTarget.checked)} />
      )
    case 'text':
      return (
        <TextInput
          {...said}
          value={String(value)}
          maxLength={maxLength ?? 1000}
          onChange={({ currentTarget }) => change(currentTarget.value)}
        />
      )
    case 'vector':
      return <VectorField {...props} />
    case 'number':
      return <NumberField {...props} />
  }
}

const stepOf = ({ step, least, most }: ScadParameter): number => {
  if (step !== null && step > 0) return step
  return least !== null && most !== null && most - least <= 2 ? 0.01 : 1
}

const limitsOf = ({ least, most }: ScadParameter): { min?: number; max?: number } => ({
  ...(least === null ? {} : { min: least }),
  ...(most === null ? {} : { max: most }),
})

/** With a range: a slider, and its number beside it for who knows it. */
const NumberField = ({ parameter, value, change }: FieldProps) => {
  const { name, caption, least, most } = parameter
  const label = labelOf(name)
  const isRange = least !== null && most !== null && most > least
  const number = (
    <NumberInput
      aria-label={label}
      {...(isRange ? { w: 96 } : { label, ...(caption === '' ? {} : { description: caption }) })}
      {...limitsOf(parameter)}
      step={stepOf(parameter)}
      clampBehavior="blur"
      value={Number(value)}
      onChange={(typed) => {
        const isInside =
          typeof typed === 'number' && (least === null || typed >= least) && (most === null || typed <= most)
        if (isInside) change(typed)
      }}
    />
  )
  if (!isRange) return number
  return (
    <Input.Wrapper label={label} labelElement="div" description={caption === '' ? undefined : caption}>
      <Group wrap="nowrap" gap="md">
        <Slider
          className="grow"
          min={least}
          max={most}
          step={stepOf(parameter)}
          value={Number(value)}
          onChange={change}
          label={null}
          thumbLabel={label}
        />
        {number}
      </Group>
    </Input.Wrapper>
  )
}

const VectorField = ({ parameter, value, change }: FieldProps) => {
  const { t } = useLingui()
  const { name, caption } = parameter
  const numbers = Array.isArray(value) ? value : []
  const label = labelOf(name)
  return (
    <Input.Wrapper label={label} labelElement="div" description={caption === '' ? undefined : caption}>
      <Group wrap="nowrap" gap={6}>
        {numbers.map((number, at) => (
          <NumberInput
            // biome-ignore lint/suspicious/noArrayIndexKey: the place in the vector is what it is called
            key={at}
            aria-label={t`${label}, number ${at + 1}`}
            className="grow"
            {...limitsOf(parameter)}
            step={stepOf(parameter)}
            value={number}
            onChange={(typed) => {
              if (typeof typed === 'number') change(numbers.map((one, place) => (place === at ? typed : one)))
            }}
          />
        ))}
      </Group>
    </Input.Wrapper>
  )
}
