// What a file would do to a printer: the printer's profile as the G-code library checks against it, and what keeps a job off it.
import { type CheckedPrinter, usualProfile, type WarningCode } from '../../gcode/index.ts'
import type { FileWarning, Findings } from '../contract/files.ts'
import type { FirmwareDialect, PrinterProfile } from '../contract/printers.ts'

/** Slicers lay their priming line just beyond the edge; printers reach a little further than their bed. */
const MARGIN = 5

/** The same for printers on which the same goes wrong. */
export const profileKey = (profile: PrinterProfile): string =>
  JSON.stringify(Object.entries(profile).sort(([one], [other]) => (one < other ? -1 : 1)))

const dialects: Readonly<Record<FirmwareDialect, CheckedPrinter['dialect']>> = {
  'marlin-1': 'marlin',
  'marlin-2': 'marlin',
  prusa: 'prusa',
  'prusa-buddy': 'prusa',
  reprapfirmware: 'reprapfirmware',
  repetier: 'repetier',
  smoothieware: 'smoothieware',
  klipper: 'klipper',
}

export const checkedPrinter = (profile: PrinterProfile): CheckedPrinter => ({
  ...usualProfile,
  dialect: dialects[profile.dialect ?? 'marlin-2'],
  volume: profile,
  margin: MARGIN,
  zones: (profile.zones ?? []).map(({ name, minX, minY, maxX, maxY }) => ({
    name,
    outline: [
      [minX, minY],
      [maxX, minY],
      [maxX, maxY],
      [minX, maxY],
    ],
  })),
  tools: 16,
  nozzleDiameters: [profile.nozzleDiameter],
  maxNozzleTemperature: profile.maxNozzleTemperature,
  maxBedTemperature: profile.maxBedTemperature,
  hasHeatedBed: profile.maxBedTemperature > 0,
  // A file that waits for a button waits: the dashboard shows it, with the button.
  unattended: false,
})

/** What depends on the firmware says nothing as long as nobody has said which one it is. */
const byFirmware: readonly WarningCode[] = [
  'klipper-command',
  'reprapfirmware-command',
  'bambu-command',
  'flavour-mismatch',
  'volumetric-extrusion',
  'firmware-retraction',
  'arcs',
  'cold-extrusion',
  'nozzle-never-heated',
  'not-homed',
  'no-such-tool',
  'command-too-long',
]

export const isTold = ({ code }: { readonly code: WarningCode }, profile: PrinterProfile | undefined): boolean =>
  profile?.dialect !== undefined || !byFirmware.includes(code)

/** Of all that is wrong with the file on this printer, what a print must not start with. Empty where nobody has looked. */
export const refusalsOf = (findings: Findings, profile: PrinterProfile): readonly FileWarning[] => {
  const key = profileKey(profile)
  const found = findings.warnings.find((one) => one.key === key)
  return (found?.warnings ?? []).filter(({ severity }) => severity === 'refuse')
}
