import { describe, expect, it } from 'vitest'
import { colourAt, colourings, kindColours, type Rgb, rampOf, toolColours } from '../../dashboard/toolpath/colours.ts'
import { keyOf } from '../../dashboard/toolpath/view-keys.ts'
import { roles } from '../../gcode/roles.ts'

/** As bright as it looks, 0 to 1 (WCAG's relative luminance). */
const brightness = (colour: Rgb): number => {
  const [red, green, blue] = colour.map((part) => {
    const value = part / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** How an eye without the green cones sees it (Viénot, Brettel and Mollon 1999, on the linear parts). */
const withoutGreen = ([red, green, blue]: Rgb): [number, number] => {
  const yellow = 0.29275 * (red / 255) ** 2.2 + 0.70725 * (green / 255) ** 2.2
  return [yellow, (blue / 255) ** 2.2]
}

describe('the colours of a toolpath', () => {
  it('get brighter all along each ramp, so that they are read without telling hues apart', () => {
    for (const colouring of colourings) {
      const values = Array.from({ length: 33 }, (_, n) => brightness(colourAt(rampOf(colouring), n / 32)))
      for (let n = 1; n < values.length; n++) expect(values[n]).toBeGreaterThan(values[n - 1] as number)
    }
  })

  it('stay on the ramp for values beyond its ends', () => {
    const ramp = rampOf('speed')
    expect(colourAt(ramp, -3)).toEqual(colourAt(ramp, 0))
    expect(colourAt(ramp, 7)).toEqual(colourAt(ramp, 1))
  })

  it('differ for the roles that lie beside each other, also for eyes without green cones', () => {
    const neighbours = ['external-perimeter', 'perimeter', 'infill', 'solid-infill', 'support', 'bridge'] as const
    const seen = neighbours.map((role) => withoutGreen(kindColours[roles.indexOf(role)] as Rgb))
    for (let one = 0; one < seen.length; one++) {
      for (let other = one + 1; other < seen.length; other++) {
        const [a, b] = [seen[one], seen[other]] as [[number, number], [number, number]]
        expect(Math.hypot(a[0] - b[0], a[1] - b[1]), `${neighbours[one]} and ${neighbours[other]}`).toBeGreaterThan(
          0.06,
        )
      }
    }
  })

  it('are different for every role and for the first eight tools', () => {
    expect(new Set(roles.map((_, n) => String(kindColours[n]))).size).toBe(roles.length)
    expect(new Set(toolColours.slice(0, 16).map(String)).size).toBe(16)
  })
})

describe('the keys of the viewer', () => {
  const press = (key: string, held: Partial<{ shiftKey: boolean; ctrlKey: boolean }> = {}) =>
    keyOf({ key, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...held })

  it('go through layers and moves, turn the view, play and colour', () => {
    expect(press('ArrowUp')).toEqual({ do: 'layers', by: 1 })
    expect(press('PageDown')).toEqual({ do: 'layers', by: -10 })
    expect(press('ArrowLeft')).toEqual({ do: 'moves', by: -1 })
    expect(press('ArrowLeft', { shiftKey: true })).toEqual({ do: 'turn', around: -10, up: 0 })
    expect(press(' ')).toEqual({ do: 'play' })
    expect(press('2')).toEqual({ do: 'colour', by: 'speed' })
    expect(press('8')).toEqual({ do: 'colour', by: 'temperature' })
    expect(press('t')).toEqual({ do: 'view', from: 'top' })
  })

  it('leave the others to the browser', () => {
    expect(press('Tab')).toBeNull()
    expect(press('9')).toBeNull()
    expect(press('r', { ctrlKey: true })).toBeNull()
  })
})
