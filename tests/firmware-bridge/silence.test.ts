import { describe, expect, it } from 'vitest'
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
  })

  it('is patient while the printer heats, homes or levels', () => {
    expect(judge({ awaiting: 'long', sinceProgress: 2100, sinceTraffic: 1500 })).toBe('fine')
    expect(judge({ awaiting: 'long', keepalive: false, sinceProgress: 170_000, sinceTraffic: 170_000 })).toBe('fine')
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

  it('settles a resend whose ok does not come', () => {
    expect(judge({ awaiting: 'resend', sinceProgress: 300 })).toBe('fine')
    expect(judge({ awaiting: 'resend', sinceProgress: 800, sinceTraffic: 5 })).toBe('settle')
  })
})
