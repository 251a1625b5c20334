import { describe, expect, it } from 'vitest'
import { Analyser, WarningCheck } from '../../gcode/index.ts'
import type { PrinterProfile } from '../../server/contract/printers.ts'
import { checkedPrinter, isTold, profileKey } from '../../server/domain/check-file.ts'

const profile: PrinterProfile = {
  shape: 'rectangular',
  width: 220,
  depth: 220,
  height: 250,
  originX: 0,
  originY: 0,
  nozzleDiameter: 0.4,
  maxNozzleTemperature: 260,
  maxBedTemperature: 100,
}

const told = (gcode: string, changes: Partial<PrinterProfile> = {}): string[] => {
  const printer = { ...profile, ...changes }
  const check = new WarningCheck(checkedPrinter(printer))
  const analyser = new Analyser({ checks: [check] })
  analyser.feed(Buffer.from(gcode))
  analyser.result()
  return check
    .result()
    .filter((one) => isTold(one, printer))
    .map(({ code, severity }) => `${severity} ${code}`)
}

const part = 'G28\nM109 S210\nG1 X10 Y10 Z0.2 F3000\nG1 X50 Y10 E2 F1200\nM104 S0\n'

describe('a file against a printer of the workshop', () => {
  it('has nothing to tell where all is well', () => {
    expect(told(part)).toEqual([])
  })

  it('is refused where it would do harm', () => {
    expect(told(part.replace('X50', 'X350'))).toContain('refuse extrusion-outside')
    expect(told(part.replace('S210', 'S290'))).toContain('refuse nozzle-too-hot')
    expect(told(`${part}M502\nM500\n`)).toContain('refuse eeprom')
  })

  it('is told of where it leads through what stands on the bed', () => {
    const zones = [{ name: 'clip', minX: 30, minY: 0, maxX: 40, maxY: 20 }]
    expect(told(part, { zones }).join()).toContain('extrusion-in-zone')
    expect(told(part, { zones: zones.map((zone) => ({ ...zone, minY: 100, maxY: 120 })) })).toEqual([])
  })

  it('may wait for a button: the dashboard shows it', () => {
    expect(told(`${part}M0 turn the part\n`)).toEqual([])
  })

  it('is held to a firmware only where somebody has said which one it is', () => {
    const klipper = `PRINT_START EXTRUDER=210\n${part}`
    expect(told(klipper)).toEqual([])
    expect(told(klipper, { dialect: 'marlin-2' })).toContain('refuse klipper-command')
    expect(told(klipper, { dialect: 'klipper' })).toEqual([])
  })

  it('is checked once for printers that are alike', () => {
    const { width, ...rest } = profile
    expect(profileKey({ ...rest, width })).toBe(profileKey(profile))
    expect(profileKey({ ...profile, dialect: 'klipper' })).not.toBe(profileKey(profile))
  })
})
