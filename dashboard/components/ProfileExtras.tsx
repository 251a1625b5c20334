// What a printer's set-up may say besides: where Z can be homed, which firmware it is.
import { useLingui } from '@lingui/react/macro'
import { NumberInput, Select, Switch } from '@mantine/core'
import { type FirmwareDialect, firmwareDialects, type PrinterProfile } from '../../server/contract/printers.ts'

/** Where Z can be homed while a part is on the bed: only then a print that was cut off can find its height anew. */
export const HomeZField = ({ profile, change }: { profile: PrinterProfile; change(profile: PrinterProfile): void }) => {
  const { t } = useLingui()
  const { homeZAt, ...rest } = profile
  const place = homeZAt ?? { x: profile.originX, y: profile.originY }
  return (
    <>
      <Switch
        label={t`Z can be homed at a place that no part reaches`}
        description={t`For going on with a print after a power cut`}
        checked={homeZAt !== undefined}
        onChange={({ currentTarget }) => change(currentTarget.checked ? { ...rest, homeZAt: place } : rest)}
      />
      {homeZAt !== undefined && (
        <div className="field-grid">
          {(['x', 'y'] as const).map((axis) => (
            <NumberInput
              key={axis}
              label={axis === 'x' ? t`There at X` : t`There at Y`}
              value={homeZAt[axis]}
              suffix=" mm"
              onChange={(value) =>
                typeof value === 'number' && change({ ...profile, homeZAt: { ...homeZAt, [axis]: value } })
              }
            />
          ))}
        </div>
      )}
    </>
  )
}

interface Told {
  readonly dialect: FirmwareDialect | undefined
  readonly mostInFlight: number | undefined
}

const firmwareNames: Readonly<Record<FirmwareDialect, string>> = {
  'marlin-1': 'Marlin 1.x',
  'marlin-2': 'Marlin 2.x',
  prusa: 'Prusa MK2, MK3',
  'prusa-buddy': 'Prusa MINI, MK4, XL, CORE',
  reprapfirmware: 'RepRapFirmware (Duet)',
  repetier: 'Repetier',
  smoothieware: 'Smoothieware',
  klipper: 'Klipper',
}

/** What the bridge finds out by itself, for who knows better. */
export const FirmwareFields = ({
  profile,
  change,
}: {
  profile: PrinterProfile
  change(profile: PrinterProfile): void
}) => {
  const { t } = useLingui()
  const { dialect, mostInFlight, ...rest } = profile
  const set = (changed: Told): void =>
    change({
      ...rest,
      ...(changed.dialect === undefined ? {} : { dialect: changed.dialect }),
      ...(changed.mostInFlight === undefined ? {} : { mostInFlight: changed.mostInFlight }),
    })
  const found = { value: '', label: t`Find out by itself` }
  return (
    <div className="field-grid">
      <Select
        label={t`Firmware`}
        data={[found, ...firmwareDialects.map((value) => ({ value, label: firmwareNames[value] }))]}
        value={dialect ?? ''}
        allowDeselect={false}
        onChange={(value) => set({ mostInFlight, dialect: firmwareDialects.find((known) => known === value) })}
      />
      <Select
        label={t`Lines sent ahead`}
        data={[
          { value: '', label: t`As many as it takes` },
          { value: '1', label: t`One at a time (slower, safest)` },
        ]}
        value={mostInFlight === 1 ? '1' : ''}
        allowDeselect={false}
        onChange={(value) => set({ dialect, mostInFlight: value === '1' ? 1 : undefined })}
      />
    </div>
  )
}
