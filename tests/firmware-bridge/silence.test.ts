import { describe, expect, it } from 'vitest'
import { classOf, dwellOf, isLong } from '../../firmware-bridge/protocol/command-class.ts'
import { judgeSilence, type Silence, usualSilence } from '../../firmware-bridge/protocol/silence.ts'

const waiting: Silence = {
  awaiting: 'short',
  probing: false,
  keepalive: true,
  sinceTraffic: 100,
  sinceProgress: 100,
}

const judge = (silence: Partial<Silence>) => judgeSilence({ ...waiting, ...silence }, usualSilence)

describe('silence', () => {
  it('is nothing while nothing is awaited', () => {
    expect(judge({ awaiting: 'nothing', sinceTraffic: 1e9 })).toBe('fine')
  })

  it('makes the bridge ask after a short command, once', () => {
    expect(judge({ sinceProgress: 2400 })).toBe('fine')
    expect(judge({ sinceProgress: 2600 })).toBe('probe')
    expect(judge({ sinceProgress: 2600, probing: true })).toBe('fine')
    expect(judge({ awaiting: 'move', sinceProgress: 2600 })).toBe('probe')
  })

  it('is patient while the printer heats, homes or levels', () => {
    expect(judge({ awaiting: 'long', sinceProgress: 2100, sinceTraffic: 1500 })).toBe('fine')
    expect(judge({ awaiting: 'long', keepalive: false, sinceProgress: 170_000, sinceTraffic: 170_000 })).toBe('fine')
  })

  it('is patient as long as a command asks the printer to wait', () => {
    expect(judge({ awaiting: 'long', dwell: 600_000, sinceProgress: 605_000, sinceTraffic: 605_000 })).toBe('fine')
    expect(judge({ awaiting: 'long', dwell: 600_000, sinceProgress: 611_000, sinceTraffic: 611_000 })).toBe('probe')
  })

  it('waits for a person as long as the person takes', () => {
    expect(judge({ awaiting: 'person', keepalive: false, sinceProgress: 1e7, sinceTraffic: 1e7 })).toBe('fine')
    // Firmware that would say that it is paused, and does not, is dead all the same.
    expect(judge({ awaiting: 'person', sinceTraffic: 21_000 })).toBe('dead')
  })

  it('is not fooled by reports that go on when the ok of a long command is lost', () => {
    expect(judge({ awaiting: 'long', sinceProgress: 11_000, sinceTraffic: 500 })).toBe('probe')
    expect(judge({ awaiting: 'long', keepalive: false, sinceProgress: 190_000, sinceTraffic: 500 })).toBe('probe')
  })

  it('means a dead printer when not a byte comes', () => {
    expect(judge({ sinceTraffic: 21_000, probing: true })).toBe('dead')
    expect(judge({ sinceTraffic: 21_000, keepalive: false, probing: true })).toBe('fine')
    expect(judge({ sinceTraffic: 91_000, keepalive: false })).toBe('dead')
    expect(judge({ awaiting: 'long', sinceTraffic: 21_000 })).toBe('dead')
  })

  it('means a dead printer when reports come by the clock, but nothing that is asked is ever answered', () => {
    expect(judge({ probes: 9, probing: true })).toBe('fine')
    expect(judge({ probes: 10, probing: true })).toBe('dead')
  })

  it('asks soon where the firmware says twice that it has nothing to do', () => {
    expect(judge({ waits: 1, sinceProgress: 1500 })).toBe('fine')
    expect(judge({ waits: 2, sinceProgress: 1500 })).toBe('probe')
  })

  it('settles a resend whose ok does not come, and sooner what was stale', () => {
    expect(judge({ awaiting: 'resend', sinceProgress: 300 })).toBe('fine')
    expect(judge({ awaiting: 'resend', sinceProgress: 800, sinceTraffic: 5 })).toBe('settle')
    expect(judge({ awaiting: 'stale', sinceProgress: 300 })).toBe('settle')
  })
})

describe('commands', () => {
  it.each([
    ['G1 X5', 'move'],
    ['G0 Z1', 'move'],
    ['G28', 'long'],
    ['G29 P1', 'long'],
    ['G4 S60', 'long'],
    ['M109 S210', 'long'],
    ['M190 S60', 'long'],
    ['M400', 'long'],
    ['T1', 'long'],
    ['BED_MESH_CALIBRATE', 'long'],
    ['M600', 'person'],
    ['M0 Click', 'person'],
    ['M105', 'short'],
    ['M117 G28', 'short'],
    ['M1000', 'short'],
    ['G10', 'short'],
    ['M104 S200', 'short'],
  ])('have the patience that they need: %s is %s', (command, expected) => {
    expect(classOf(command)).toBe(expected)
    expect(isLong(command)).toBe(expected === 'long' || expected === 'person')
  })

  it('say how long they make the printer wait', () => {
    expect(dwellOf('G4 S30')).toBe(30_000)
    expect(dwellOf('G4 P500')).toBe(500)
    expect(dwellOf('G28')).toBe(0)
    expect(dwellOf('G40')).toBe(0)
  })
})
