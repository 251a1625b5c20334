import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { CommandScanner } from '../../gcode/scanner.ts'
import type { SlicerMetadata } from '../../gcode/slicer/metadata.ts'
import { SlicerNotes } from '../../gcode/slicer/notes.ts'

const read = (text: string): SlicerMetadata => {
  const notes = new SlicerNotes()
  const scanner = new CommandScanner({
    command: () => {},
    comment: (bytes, from, to, offset, line) => notes.comment(bytes, from, to, offset, line),
  })
  scanner.feed(Buffer.from(text))
  scanner.end()
  return notes.result()
}

const fixture = (slicer: string): string =>
  readFileSync(new URL(`../fixtures/slicers/${slicer}.gcode`, import.meta.url), 'utf8')

describe('what PrusaSlicer says', () => {
  const said = read(fixture('prusaslicer'))

  it('is who it is, and how long the print takes, in its modes', () => {
    expect(said).toMatchObject({
      slicer: { name: 'PrusaSlicer', version: '2.9.4+win64' },
      seconds: 93912,
      silentSeconds: 97201,
      firstLayerSeconds: 161,
      silentFirstLayerSeconds: 164,
      toolChanges: 1,
    })
  })

  it('is the filament of each tool, and of all', () => {
    expect(said.filaments).toMatchObject([
      {
        length: 1200.5,
        volumeCm3: 2.89,
        massGrams: 3.58,
        cost: 0.1,
        type: 'PLA',
        name: 'Prusament PLA; "Galaxy"',
        vendor: 'Prusa Polymers',
        colour: '#FF8000',
        density: 1.24,
        costPerKilogram: 25.4,
        firstLayerNozzleTemperature: 230,
        firstLayerBedTemperature: 65,
        loadSeconds: 10.5,
        unloadSeconds: 8.5,
      },
      {
        length: 340.25,
        type: 'PETG',
        name: 'Generic PETG',
        vendor: 'Générique',
        diameter: 1.75,
        nozzleTemperature: 235,
      },
    ])
    expect(said).toMatchObject({
      filamentLength: 1540.75,
      filamentGrams: 4.62,
      filamentCost: 0.13,
      wipeTowerGrams: 0.75,
    })
  })

  it('is how the print was set up', () => {
    expect(said).toMatchObject({
      nozzleDiameters: [0.4, 0.6],
      layerHeight: 0.2,
      firstLayerHeight: 0.3,
      printerModel: 'XL2',
      printerProfile: 'Original Prusa XL',
      printProfile: '0.20mm STRUCTURAL',
      flavour: 'marlin2',
      firstLayerNozzleTemperature: 230,
      firstLayerBedTemperature: 65,
      support: true,
      brimWidth: 3,
      fillDensity: 0.15,
    })
  })

  it('is the limits of the machine in its normal mode', () => {
    expect(said.config).toEqual({
      limitsUsage: 'emit_to_gcode',
      maxFeedrate: { x: 300, y: 301, z: 40, e: 100 },
      maxAcceleration: { x: 4000, y: 4001, z: 200, e: 2500 },
      maxExtrudingAcceleration: 4000,
      maxRetractingAcceleration: 1200,
      maxTravelAcceleration: 5000,
      jerk: { x: 8, y: 8.5, z: 2, e: 10 },
      junctionDeviation: 0.02,
      minExtrudeFeedrate: 1,
      minTravelFeedrate: 2,
      defaultAcceleration: 2500,
      travelAcceleration: 4000,
      firstLayerAcceleration: 0,
    })
  })
})

describe('what other slicers say', () => {
  it.each([
    [
      'orcaslicer',
      {
        slicer: { name: 'OrcaSlicer', version: '2.3.1' },
        seconds: 323,
        firstLayerSeconds: 0.360335,
        layers: 2,
        maxZ: 0.4,
        filaments: [
          { length: 0, type: 'PLA', density: 1.24, firstLayerBedTemperature: 60 },
          { length: 229.97, massGrams: 0.57, type: 'ABS', density: 1.04, firstLayerNozzleTemperature: 255 },
        ],
        // Of the second tool, which prints, and of the plate that lies on the bed.
        firstLayerNozzleTemperature: 255,
        firstLayerBedTemperature: 95,
        firstLayerHeight: 0.25,
        brimWidth: 0,
        support: false,
        flavour: 'klipper',
        config: {
          limitsUsage: 'time_estimate_only',
          maxFeedrate: { x: 600 },
          defaultAcceleration: 10000,
          firstLayerAcceleration: 500,
          loadFilamentSeconds: 29,
          unloadFilamentSeconds: 28,
          toolChangeSeconds: 3,
        },
      },
    ],
    [
      'bambustudio',
      {
        slicer: { name: 'BambuStudio', version: '02.08.02.61' },
        seconds: 4577,
        modelSeconds: 4071,
        layers: 58,
        maxZ: 4.9,
        flavour: 'bambu',
        filaments: [
          { length: 2920.47, massGrams: 8.78, volumeCm3: 7.02455 },
          { type: 'PETG' },
          { length: 368.45, massGrams: 1.13, volumeCm3: 0.88622 },
        ],
        filamentGrams: 9.91,
      },
    ],
    [
      'superslicer',
      {
        slicer: { name: 'SuperSlicer', version: '2.5.59' },
        seconds: 439,
        firstLayerHeight: 0.25,
        filaments: [{ length: 264.59 }],
      },
    ],
    [
      'slic3r',
      {
        slicer: { name: 'Slic3r', version: '1.3.0' },
        filaments: [
          { length: 5181.5, volumeCm3: 12.5, diameter: 1.75 },
          { length: 120, volumeCm3: 0.3, diameter: 2.85 },
        ],
        layerHeight: 0.3,
        flavour: 'reprap',
        firstLayerNozzleTemperature: 200,
      },
    ],
    [
      'cura',
      {
        slicer: { name: 'Cura', version: '5.2.1' },
        seconds: 451,
        layers: 2,
        maxZ: 5.2,
        layerHeight: 0.2,
        firstLayerHeight: 0.3,
        printerModel: 'Creality Ender-3',
        printProfile: 'Fine   "and" good',
        nozzleDiameters: [0.4, 0.8],
        filaments: [
          { length: 273.87, firstLayerNozzleTemperature: 205, firstLayerBedTemperature: 60 },
          { length: 1500, nozzleTemperature: 240, firstLayerNozzleTemperature: 245 },
        ],
        brimWidth: 4,
        support: true,
        fillDensity: 0.2,
        config: { defaultAcceleration: 500, maxAcceleration: { x: 500 }, maxFeedrate: { z: 10 }, jerk: { x: 8, y: 8 } },
      },
    ],
    [
      'cura-griffin',
      {
        slicer: { name: 'Cura', version: '5.4.0' },
        seconds: 5201,
        flavour: 'griffin',
        printerModel: 'Ultimaker 3',
        nozzleDiameters: [0.4, 0.8],
        filaments: [{ volumeCm3: 9.172, firstLayerNozzleTemperature: 215 }, { volumeCm3: 0.628 }],
        chamberTemperature: 28,
        maxZ: 60.03,
      },
    ],
    [
      'simplify3d',
      {
        slicer: { name: 'Simplify3D', version: '4.1.2' },
        seconds: 5460,
        layerHeight: 0.24,
        firstLayerHeight: 0.36,
        nozzleDiameters: [0.5, 0.4],
        filaments: [
          { density: 1.25 },
          { type: 'ABS', length: 4375.5, volumeCm3: 10.52438, massGrams: 13.16, density: 1.05 },
        ],
        firstLayerNozzleTemperature: 220,
        firstLayerBedTemperature: 65,
        printerProfile: 'Workhorse',
        fillDensity: 0.2,
      },
    ],
    [
      'ideamaker',
      {
        slicer: { name: 'ideaMaker', version: '4.2.0.5250' },
        seconds: 744,
        maxZ: 9.32,
        nozzleDiameters: [0.4],
        filaments: [
          { length: 422.7, type: 'PLA', density: 1.24, diameter: 1.75, cost: 0.04 },
          { density: 1.04, diameter: 2.85 },
        ],
      },
    ],
    [
      'kisslicer',
      {
        slicer: { name: 'KISSlicer', version: '2.0.6' },
        seconds: 609.6,
        nozzleDiameters: [0.4],
        filaments: [{ name: 'green', length: 305.09, volumeCm3: 0.734 }],
        firstLayerNozzleTemperature: 200,
        firstLayerBedTemperature: 43,
      },
    ],
    [
      'kirimoto',
      {
        slicer: { name: 'Kiri:Moto', version: '3.0.D24' },
        seconds: 806,
        layerHeight: 0.2,
        firstLayerHeight: 0.25,
        filaments: [{ length: 225.03 }],
        firstLayerNozzleTemperature: 210,
        printerModel: 'Voron V2.4 300mm',
      },
    ],
    [
      'icesl',
      {
        slicer: { name: 'IceSL', version: '2.5.3' },
        seconds: 1500,
        layers: 42,
        maxZ: 5.04,
        layerHeight: 0.12,
        firstLayerHeight: 0.3,
        filaments: [{ type: 'PLA', length: 1234.5, massGrams: 3.7 }],
        fillDensity: 0.35,
      },
    ],
  ])('is read of %s', (slicer, expected) => {
    expect(read(fixture(slicer))).toMatchObject(expected)
  })

  it('is the same with the line ends of Windows', () => {
    for (const slicer of ['prusaslicer', 'cura', 'simplify3d', 'kisslicer', 'bambustudio']) {
      expect(read(fixture(slicer).replaceAll('\n', '\r\n'))).toEqual(read(fixture(slicer)))
    }
  })

  it('is nothing where a program has left its placeholders', () => {
    const said = read(fixture('cura-legacy'))
    expect(said).toMatchObject({ slicer: { name: 'Cura', version: '' }, layerHeight: 0.1, layers: 70, filaments: [] })
    expect(said.seconds).toBeUndefined()
    expect(said.filamentLength).toBeUndefined()
    expect(
      read('; printer_model = {printer_model}\n; print_settings_id = [print_preset]\n').printerModel,
    ).toBeUndefined()
    expect(read(';TIME:6666\n;Generated with Cura_SteamEngine 5.2.1\n').seconds).toBeUndefined()
  })

  it('is nothing where there is no slicer', () => {
    expect(read('G28\nG1 X1 ; TIME to go\n')).toEqual({
      filaments: [],
      nozzleDiameters: [],
      footer: { expected: false, seen: false },
      config: {},
    })
  })

  it('stays what was said first, whatever a custom G-code adds', () => {
    const text = fixture('prusaslicer').replace(
      'M73',
      ';TIME:5\n;FLAVOR:Griffin\n;Layer height: 7\n; generated by Foo 3\nM73',
    )
    expect(read(text)).toEqual(read(fixture('prusaslicer')))
  })
})
