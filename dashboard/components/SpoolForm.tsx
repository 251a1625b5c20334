// A new spool: a filament that is known or a new one, and what is on the spool.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Button, ColorInput, Group, NumberInput, Select, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { Filament, FilamentShape } from '../../server/contract/spools.ts'
import { nameOfFilament } from './SpoolSign.tsx'

/** g/cm³ as makers state them; °C that most print with. */
const materials: Readonly<Record<string, readonly [density: number, nozzle: number, bed: number]>> = {
  PLA: [1.24, 210, 60],
  PETG: [1.27, 240, 80],
  ABS: [1.04, 245, 100],
  ASA: [1.07, 250, 100],
  TPU: [1.21, 225, 50],
  PC: [1.2, 275, 110],
  PA: [1.14, 260, 90],
  PVA: [1.23, 200, 60],
}

export interface NewSpool {
  readonly fullGrams: number
  readonly emptyGrams: number | null
  readonly gramsLeft: number
  readonly lot: string
  readonly location: string
}

export interface SpoolFormProps {
  readonly filaments: readonly Filament[]
  readonly busy: boolean
  readonly refusal: string | null
  /** A filament's number, or a new filament. */
  save(filament: number | FilamentShape, spool: NewSpool): void
}

const NEW = 'new'

const newFilament: FilamentShape = {
  vendor: '',
  material: 'PLA',
  colourName: '',
  colour: '#8a8f8c',
  density: 1.24,
  diameter: 1.75,
  nozzleTemperature: 210,
  bedTemperature: 60,
  pricePerKg: null,
}

export const SpoolForm = ({ filaments, busy, refusal, save }: SpoolFormProps) => {
  const { t } = useLingui()
  const [chosen, setChosen] = useState(filaments[0] ? String(filaments[0].id) : NEW)
  const [filament, setFilament] = useState(newFilament)
  const [spool, setSpool] = useState({
    full: 1000,
    empty: '' as number | '',
    left: '' as number | '',
    lot: '',
    location: '',
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    save(chosen === NEW ? filament : Number(chosen), {
      fullGrams: spool.full,
      emptyGrams: spool.empty === '' ? null : spool.empty,
      gramsLeft: spool.left === '' ? spool.full : spool.left,
      lot: spool.lot.trim(),
      location: spool.location.trim(),
    })
  }
  const grams = (value: number | string): number | '' => (typeof value === 'number' ? value : '')
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Select
          label={t`Filament`}
          data={[
            ...filaments.map((one) => ({ value: String(one.id), label: nameOfFilament(one) })),
            { value: NEW, label: t`Another one…` },
          ]}
          value={chosen}
          onChange={(value) => setChosen(value ?? NEW)}
          allowDeselect={false}
          searchable
        />
        {chosen === NEW && <FilamentFields value={filament} change={(one) => setFilament({ ...filament, ...one })} />}
        <SimpleGrid cols={{ base: 2, xs: 3 }} spacing="md">
          <NumberInput
            label={t`Full (g)`}
            description={t`Filament alone`}
            min={1}
            value={spool.full}
            onChange={(value) => setSpool({ ...spool, full: Number(value) || 1000 })}
            required
          />
          <NumberInput
            label={t`Empty spool (g)`}
            description={t`For weighing`}
            min={0}
            value={spool.empty}
            onChange={(value) => setSpool({ ...spool, empty: grams(value) })}
          />
          <NumberInput
            label={t`Left (g)`}
            description={t`Open: it is full`}
            min={0}
            value={spool.left}
            onChange={(value) => setSpool({ ...spool, left: grams(value) })}
          />
        </SimpleGrid>
        <SimpleGrid cols={2} spacing="md">
          <TextInput
            label={t`Place`}
            placeholder={t`Dry box, shelf 2…`}
            maxLength={80}
            value={spool.location}
            onChange={({ currentTarget }) => setSpool({ ...spool, location: currentTarget.value })}
          />
          <TextInput
            label={t`Lot`}
            maxLength={80}
            value={spool.lot}
            onChange={({ currentTarget }) => setSpool({ ...spool, lot: currentTarget.value })}
          />
        </SimpleGrid>
        {refusal && <Alert color="red">{refusal}</Alert>}
        <Group justify="flex-end">
          <Button type="submit" loading={busy}>
            <Trans>Add the spool</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

const FilamentFields = ({ value, change }: { value: FilamentShape; change(one: Partial<FilamentShape>): void }) => {
  const { t } = useLingui()
  const byMaterial = (material: string): void => {
    const [density, nozzleTemperature, bedTemperature] = materials[material] ?? [value.density, null, null]
    change({ material, density, nozzleTemperature, bedTemperature })
  }
  const orNull = (typed: number | string): number | null => (typeof typed === 'number' ? typed : null)
  return (
    <>
      <SimpleGrid cols={2} spacing="md">
        <Select
          label={t`Material`}
          data={Object.keys(materials)}
          value={value.material}
          onChange={(material) => byMaterial(material ?? 'PLA')}
          allowDeselect={false}
        />
        <TextInput
          label={t`Made by`}
          maxLength={80}
          value={value.vendor}
          onChange={({ currentTarget }) => change({ vendor: currentTarget.value })}
        />
        <ColorInput
          label={t`Colour`}
          format="hex"
          value={value.colour ?? ''}
          onChange={(colour) =>
            change({ colour: /^#[0-9a-f]{6}$/i.test(colour) ? colour.toLowerCase() : value.colour })
          }
        />
        <TextInput
          label={t`Name of the colour`}
          maxLength={80}
          value={value.colourName}
          onChange={({ currentTarget }) => change({ colourName: currentTarget.value })}
        />
      </SimpleGrid>
      <SimpleGrid cols={{ base: 2, xs: 4 }} spacing="md">
        <NumberInput
          label={t`Diameter (mm)`}
          min={0.5}
          max={5}
          step={0.05}
          value={value.diameter}
          onChange={(typed) => change({ diameter: orNull(typed) ?? 1.75 })}
        />
        <NumberInput
          label={t`Nozzle (°C)`}
          min={0}
          max={600}
          value={value.nozzleTemperature ?? ''}
          onChange={(typed) => change({ nozzleTemperature: orNull(typed) })}
        />
        <NumberInput
          label={t`Bed (°C)`}
          min={0}
          max={250}
          value={value.bedTemperature ?? ''}
          onChange={(typed) => change({ bedTemperature: orNull(typed) })}
        />
        <NumberInput
          label={t`Price per kg`}
          min={0}
          value={value.pricePerKg ?? ''}
          onChange={(typed) => change({ pricePerKg: orNull(typed) })}
        />
      </SimpleGrid>
    </>
  )
}
