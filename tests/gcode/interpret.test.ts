import { describe, expect, it } from 'vitest'
import { Interpreter } from '../../gcode/interpret.ts'
import type { ModalState } from '../../gcode/modal-state.ts'
import { CommandScanner } from '../../gcode/scanner.ts'

interface Move {
  readonly x: number
  readonly y: number
  readonly z: number
  readonly de: number
  readonly feedrate: number
}

const run = (text: string): { moves: Move[]; waits: string[]; state: ModalState } => {
  const moves: Move[] = []
  const waits: string[] = []
  const interpreter = new Interpreter({
    move: (_dx, _dy, _dz, de, feedrate, { x, y, z }) => void moves.push({ x, y, z, de, feedrate }),
    wait: (seconds, _state, _command, what) => void waits.push(seconds > 0 ? `${what} ${seconds}` : what),
  })
  const scanner = new CommandScanner(interpreter)
  scanner.feed(Buffer.from(text, 'latin1'))
  scanner.end()
  return { moves, waits, state: interpreter.state }
}

const endOf = (text: string): { x: number; y: number; z: number } => {
  const { x, y, z } = run(text).state
  return { x, y, z }
}

describe('an arc', () => {
  it.each([
    ['XY', 'G17\nG1 X10 Y0 Z5\nG3 X-10 Y0 I-10 J0\n', (m: Move) => Math.hypot(m.x, m.y), (m: Move) => m.z - 5],
    ['ZX', 'G18\nG1 X0 Y5 Z10\nG3 X0 Z-10 K-10 I0\n', (m: Move) => Math.hypot(m.x, m.z), (m: Move) => m.y - 5],
    ['YZ', 'G19\nG1 X5 Y10 Z0\nG3 Y-10 Z0 J-10 K0\n', (m: Move) => Math.hypot(m.y, m.z), (m: Move) => m.x - 5],
  ])('lies on its circle in the plane %s', (_, text, radius, aside) => {
    const moves = run(text).moves.slice(1)
    expect(moves.length).toBeGreaterThan(10)
    for (const move of moves) {
      expect(radius(move)).toBeCloseTo(10, 6)
      expect(aside(move)).toBeCloseTo(0, 9)
    }
  })

  it('turns the right way round: G2 with the clock, G3 against it', () => {
    expect(run('G1 X10 Y0\nG2 X-10 Y0 I-10 J0\n').moves[5]?.y).toBeLessThan(0)
    expect(run('G1 X10 Y0\nG3 X-10 Y0 I-10 J0\n').moves[5]?.y).toBeGreaterThan(0)
    // In ZX the first axis is Z: against the clock leads from +Z towards +X.
    expect(run('G18\nG1 Z10 X0\nG3 Z-10 X0 K-10\n').moves[5]?.x).toBeGreaterThan(0)
  })

  it('climbs evenly and feeds evenly', () => {
    const moves = run('M83\nG1 X10 Y0 Z0\nG3 X10 Y0 Z6 I-10 J0 E12\n').moves.slice(1)
    const last = moves.at(-1) as Move
    expect(last.z).toBeCloseTo(6, 9)
    expect(moves.reduce((sum, { de }) => sum + de, 0)).toBeCloseTo(12, 9)
    expect(moves[0]?.z).toBeCloseTo(6 / moves.length, 9)
  })

  it('may be given by its radius, the short way or (negative) the long way', () => {
    const short = run('G1 X10 Y0\nG3 X0 Y10 R10\n').moves
    const long = run('G1 X10 Y0\nG3 X0 Y10 R-10\n').moves
    for (const { x, y } of short.slice(1)) expect(Math.hypot(x, y)).toBeCloseTo(10, 6)
    expect(long.length).toBeGreaterThan(2 * short.length)
    for (const { x, y } of long.slice(1)) expect(Math.hypot(x - 10, y - 10)).toBeCloseTo(10, 6)
  })

  it('is a whole circle where it ends as it begins, and more of them with P', () => {
    const once = run('G1 X10 Y0\nG2 I-10\n').moves.length
    const thrice = run('G1 X10 Y0\nG2 I-10 P3\n').moves.length
    expect(once).toBeGreaterThan(30)
    expect(run('G1 X10 Y0\nG2 I-10 P1\n').moves.length).toBe(once)
    expect(thrice / once).toBeCloseTo(3, 0)
    expect(endOf('G1 X10 Y0\nG2 I-10 P2\n')).toEqual({ x: 10, y: 0, z: 0 })
  })

  it('without a circle is a straight move', () => {
    expect(run('M83\nG1 X1\nG2 X5 I0 J0 E1\n').moves).toMatchObject([{ x: 1 }, { x: 5, de: 1 }])
    expect(run('G1 X1\nG3 X90 R1\n').moves).toMatchObject([{ x: 1 }, { x: 90 }])
  })
})

describe('coordinates', () => {
  it.each([
    ['G54 to G59 have origins of their own', 'G10 L2 P2 X100\nG55\nG1 X5\n', { x: 105 }],
    ['and back again', 'G10 L2 P2 X100\nG55\nG1 X5\nG54\nG1 X5\n', { x: 5 }],
    ['G10 L20 names the place where it stands', 'G1 X50\nG10 L20 P1 X0\nG1 X5\n', { x: 55 }],
    ['G53 is one line in the machine itself', 'G10 L2 P1 X100\nG1 X5\nG53 G1 X7\n', { x: 7 }],
    ['and the next line is not', 'G10 L2 P1 X100\nG53 G1 X7\nG1 X8\n', { x: 108 }],
    ['G92 names a place, G92.1 takes it back', 'G1 X10\nG92 X0\nG1 X5\nG92.1\nG1 X5\n', { x: 5 }],
    ['homing forgets G92', 'G1 X10\nG92 X100\nG28 X\nG1 X5\n', { x: 5 }],
    ['M206 shifts the home', 'M206 X-10\nG1 X5\n', { x: 15 }],
    ['SET_GCODE_OFFSET shifts and adjusts', 'SET_GCODE_OFFSET X=1\nSET_GCODE_OFFSET X_ADJUST=0.5\nG1 X5\n', { x: 6.5 }],
    ['inches', 'G20\nG1 X1\nG91\nG1 X1\nG21\nG1 X1\n', { x: 51.8 }],
    ['lower case and blanks anywhere', ' g1  x 1 0 y2\n', { x: 1, y: 2 }],
    ['line numbers and checksums', 'N3 G1 X5 Y6*85\n', { x: 5, y: 6 }],
    ['comments in parentheses', 'G1 (to the (right) X5 (and) Y6\n', { x: 5, y: 6 }],
  ])('%s', (_, text, expected) => {
    expect(endOf(text)).toMatchObject(expected)
  })

  it('knows which axes are home', () => {
    expect(run('G28 X Y\n').state).toMatchObject({ homed: true, homedAxes: 3 })
    expect(run('G28\n').state.homedAxes).toBe(7)
  })

  it('moves at the usual speed of a printer that has not been told one', () => {
    expect(run('G1 X5\nG1 X9 F600\nM220 S50\nG1 X12\n').moves.map(({ feedrate }) => feedrate)).toEqual([25, 10, 5])
  })
})

describe('filament', () => {
  it('is a length, or a volume after M200', () => {
    const area = (Math.PI / 4) * 1.75 ** 2
    expect(run('M83\nM200 D1.75\nG1 X5 E2\n').moves[0]?.de).toBeCloseTo(2 / area, 9)
    expect(run('M83\nM200 D1.75\nM200 D0\nG1 X5 E2\n').moves[0]?.de).toBe(2)
    expect(run('M83\nM200 D1.75 S0\nG1 X5 E2\n').moves[0]?.de).toBe(2)
  })

  it('flows by M221', () => {
    expect(run('M83\nM221 S90\nG1 X5 E2\n').moves[0]?.de).toBeCloseTo(1.8, 9)
  })

  it('is absolute or relative apart from the axes', () => {
    expect(run('G90\nM83\nG1 X5 E1\nG1 X6 E1\n').moves.map(({ de }) => de)).toEqual([1, 1])
    expect(run('G91\nG1 X5 E1\nG90\nG92 E0\nG1 E1\n').moves.map(({ de }) => de)).toEqual([1, 1])
  })

  it('is pulled back by the firmware with G10, and fed with G11', () => {
    expect(run('G10\n').state.firmwareRetracted).toBe(true)
    expect(run('G10\nG11\n').state.firmwareRetracted).toBe(false)
  })
})

describe('heat', () => {
  it.each([
    ['M104 S200\nM140 S60\n', { nozzleTarget: 200, bedTarget: 60 }],
    ['M109 R190\n', { nozzleTarget: 190 }],
    ['M104 T1 S230\n', { nozzleTarget: 0 }],
    ['M104 T1 S230\nT1\n', { nozzleTarget: 230 }],
    ['G10 P0 S205 R180\n', { nozzleTarget: 205 }],
    ['M568 P0 S215 R0\n', { nozzleTarget: 215 }],
    ['SET_HEATER_TEMPERATURE HEATER=extruder TARGET=245\n', { nozzleTarget: 245 }],
    ['SET_HEATER_TEMPERATURE HEATER=heater_bed TARGET=80\n', { bedTarget: 80 }],
    ['M141 S50\n', { chamberTarget: 50 }],
    ['M106 S127.5\n', { fan: 0.5 }],
    ['M106 P1 S255\n', { fan: 0 }],
    ['M106\nM107\n', { fan: 0 }],
    ['M104 S200\nM104 S-50\nM104 S99999\n', { nozzleTarget: 200 }],
  ])('%j', (text, expected) => {
    expect(run(text).state).toMatchObject(expected)
  })

  it('is waited for, as is everything that takes its time', () => {
    const text =
      'M190 S60\nM109 S200\nM191 S40\nG28\nG29\nG4 S2\nG4 P500\nM400\nT1\nT1\nM600\nTEMPERATURE_WAIT SENSOR=extruder\n'
    expect(run(text).waits).toEqual([
      'bed',
      'nozzle',
      'chamber',
      'home',
      'level',
      'dwell 2',
      'dwell 0.5',
      'stop',
      'tool',
      'person',
      'nozzle',
    ])
  })
})

describe('hostile numbers', () => {
  it.each([
    'G1 X1e400 F1e99',
    `G1 X${'9'.repeat(400)} E${'9'.repeat(300)}`,
    `G1 X0.${'3'.repeat(400)}`,
    'G1 XNaN YInf Z--5 E+',
    'G2 I0 J0 X5',
    'G2 R0 X5 Y5',
    'G3 R1e9 X5 I5 J5',
    'M220 S0\nG1 X5 F0',
    'M221 S-100\nG1 X5 E1',
    'M200 D0.0000001\nG1 X5 E1',
    'M104 T99999 S200\nT99999\nT-1',
    'G10 L2 P99 X5\nG59.9\nG1 X1',
    'G4 S-5\nG4 P1e300',
    'G2 X1 Y1 I999999 J999999 P1000000',
  ])('%s', (text) => {
    const { moves, state } = run(`G1 Z1\n${text}\nG1 X1\n`)
    for (const move of moves) for (const value of Object.values(move)) expect(Number.isFinite(value), text).toBe(true)
    for (const value of Object.values(state)) if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true)
    expect(moves.length).toBeLessThan(300_000)
  })
})
