// Which printer: one, or any that can, and what it must be able to.
import { Trans, useLingui } from '@lingui/react/macro'
import { Button, NumberInput, Select, SimpleGrid, Stack } from '@mantine/core'
import { useState } from 'react'
import type { CalendarRow } from '../../../server/contract/calendar.ts'
import type { BookingDraft } from './booking-draft.ts'

export type Wishes = Pick<BookingDraft, 'printerId' | 'material' | 'nozzle' | 'width' | 'depth' | 'height' | 'tag'>

export interface WishFieldsProps {
  readonly wishes: Wishes
  readonly printers: readonly CalendarRow[]
  readonly materials: readonly string[]
  change(part: Partial<Wishes>): void
}

export const WishFields = ({ wishes, printers, materials, change }: WishFieldsProps) => {
  const { t } = useLingui()
  const bookable = printers.filter((printer) => printer.bookable)
  const known = [...new Set([...materials, ...printers.flatMap((one) => one.materials)])].sort()
  return (
    <Stack gap="sm">
      <Select
        label={t`Printer`}
        value={wishes.printerId === null ? '' : String(wishes.printerId)}
        data={[
          { value: '', label: t`Any printer that can` },
          ...bookable.map(({ id, name }) => ({ value: String(id), label: name })),
        ]}
        allowDeselect={false}
        onChange={(value) => change({ printerId: value ? Number(value) : null })}
      />
      <Select
        label={t`Material`}
        placeholder={t`Any`}
        data={wishes.material && !known.includes(wishes.material) ? [...known, wishes.material] : known}
        value={wishes.material}
        clearable
        searchable
        onChange={(material) => change({ material })}
      />
      {wishes.printerId === null && <Needs wishes={wishes} printers={bookable} change={change} />}
    </Stack>
  )
}

const Needs = ({ wishes, printers, change }: Omit<WishFieldsProps, 'materials'>) => {
  const { t } = useLingui()
  const { nozzle, width, depth, height, tag } = wishes
  const [open, setOpen] = useState([nozzle, width, depth, height, tag].some((one) => one !== null))
  const tags = [...new Set(printers.flatMap((printer) => printer.tags))].sort()
  if (!open) {
    return (
      <Button variant="subtle" size="compact-sm" onClick={() => setOpen(true)} style={{ alignSelf: 'flex-start' }}>
        <Trans>Nozzle, size, tag…</Trans>
      </Button>
    )
  }
  const numbers = [
    ['nozzle', t`Nozzle (mm)`, 0.1],
    ['width', t`Width (mm)`, 10],
    ['depth', t`Depth (mm)`, 10],
    ['height', t`Height (mm)`, 10],
  ] as const
  return (
    <SimpleGrid cols={2} spacing="sm">
      {numbers.map(([field, label, step]) => (
        <NumberInput
          key={field}
          label={label}
          placeholder={t`Any`}
          min={0}
          step={step}
          value={wishes[field] ?? ''}
          onChange={(value) => change({ [field]: typeof value === 'number' && value > 0 ? value : null })}
        />
      ))}
      {tags.length > 0 && (
        <Select
          label={t`With the tag`}
          placeholder={t`Any`}
          data={tags}
          value={tag}
          clearable
          onChange={(value) => change({ tag: value })}
        />
      )}
    </SimpleGrid>
  )
}
