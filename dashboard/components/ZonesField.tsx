// Parts of the bed that the nozzle must keep out of: clips, a probe's dock, a blob that nobody gets off.
import { Trans, useLingui } from '@lingui/react/macro'
import { ActionIcon, Button, Fieldset, Group, NumberInput, Text, TextInput } from '@mantine/core'
import { Plus, Trash2 } from 'lucide-react'
import type { BedZone, PrinterProfile } from '../../server/contract/printers.ts'

const MOST_ZONES = 20
const NEW_SIZE = 20

export const ZonesField = ({ profile, change }: { profile: PrinterProfile; change(profile: PrinterProfile): void }) => {
  const { t } = useLingui()
  const { zones = [], ...rest } = profile
  const set = (next: readonly BedZone[]): void => change(next.length === 0 ? rest : { ...rest, zones: [...next] })
  const edit = (n: number, changes: Partial<BedZone>): void =>
    set(zones.map((zone, at) => (at === n ? { ...zone, ...changes } : zone)))
  const sides = { minX: t`From X`, maxX: t`To X`, minY: t`From Y`, maxY: t`To Y` }
  return (
    <Fieldset legend={t`Where the nozzle may not go`}>
      <Text size="sm" c="dimmed" mb="xs">
        <Trans>Clips, docks and the like. Files that lead through are told of, and the toolpath shows them.</Trans>
      </Text>
      {zones.map((zone, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: zones have no other identity than their place
        <div key={n} className="bed-zone">
          <Group gap="xs" align="flex-end" wrap="nowrap">
            <TextInput
              className="grow"
              label={t`Name`}
              value={zone.name}
              maxLength={60}
              error={zone.name.trim() === '' ? t`It needs a name` : null}
              onChange={({ currentTarget }) => edit(n, { name: currentTarget.value })}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size={36}
              aria-label={t`Remove ${zone.name}`}
              onClick={() => set(zones.filter((_, at) => at !== n))}
            >
              <Trash2 size={16} aria-hidden />
            </ActionIcon>
          </Group>
          <div className="field-grid">
            {(['minX', 'maxX', 'minY', 'maxY'] as const).map((side) => (
              <NumberInput
                key={side}
                label={sides[side]}
                value={zone[side]}
                suffix=" mm"
                decimalScale={1}
                error={
                  (side === 'maxX' && zone.maxX <= zone.minX) || (side === 'maxY' && zone.maxY <= zone.minY)
                    ? t`It must be more than where it begins`
                    : null
                }
                onChange={(value) => typeof value === 'number' && edit(n, { [side]: value })}
              />
            ))}
          </div>
        </div>
      ))}
      <Button
        size="compact-sm"
        variant="default"
        mt="xs"
        leftSection={<Plus size={14} aria-hidden />}
        disabled={zones.length >= MOST_ZONES}
        onClick={() =>
          set([
            ...zones,
            {
              name: t`Clip ${zones.length + 1}`,
              minX: profile.originX,
              minY: profile.originY,
              maxX: profile.originX + NEW_SIZE,
              maxY: profile.originY + NEW_SIZE,
            },
          ])
        }
      >
        <Trans>Add a place</Trans>
      </Button>
    </Fieldset>
  )
}
