import { describe, expect, it } from 'vitest'
import {
  forgetProbes,
  hasRoom,
  openWindow,
  pingPong,
  type SendWindow,
  sendLine,
  sendProbe,
  settle,
  takeOk,
  takeResend,
} from '../../firmware-bridge/protocol/send-window.ts'

const fourAtOnce = { lines: 4, bytes: 127 }

/** A window from which so many lines went out and were acknowledged. */
const after = (lines: number): SendWindow => {
  let window = openWindow(1)
  for (let n = 0; n < lines; n++) window = takeOk(sendLine(window, 20)).window
  return window
}

describe('the send window', () => {
  it('sends one line and waits for its ok', () => {
    const sent = sendLine(openWindow(1), 20)
    expect(hasRoom(sent, pingPong, 20)).toBe(false)
    const { window, was } = takeOk(sent)
    expect(was).toBe('line')
    expect(window.accepted).toBe(1)
    expect(hasRoom(window, pingPong, 20)).toBe(true)
  })

  it('counts bytes as well as lines where several may be on the wire', () => {
    const two = sendLine(sendLine(openWindow(1), 60), 60)
    expect(hasRoom(two, fourAtOnce, 20)).toBe(false)
    expect(hasRoom(two, fourAtOnce, 7)).toBe(true)
  })

  it('sends the line again when the firmware asks for it, after the ok that acknowledges nothing', () => {
    const asked = takeResend(sendLine(after(6), 20), 7, 0)
    expect(asked.was).toBe('again')
    expect(asked.window.cursor).toBe(7)
    expect(hasRoom(asked.window, pingPong, 20)).toBe(false)
    const { window, was } = takeOk(asked.window)
    expect(was).toBe('resend')
    expect(window.accepted).toBe(6)
    expect(hasRoom(window, pingPong, 20)).toBe(true)
    expect(takeOk(sendLine(window, 20)).window.accepted).toBe(7)
  })

  it('does not wait for ever for an ok that old firmware does not send after a resend', () => {
    const asked = takeResend(sendLine(after(6), 20), 7, 0).window
    expect(hasRoom(settle(asked), pingPong, 20)).toBe(true)
  })

  it('acts once on a request that comes for each line behind the bad one', () => {
    const three = sendLine(sendLine(sendLine(after(41), 15), 15), 15)
    const first = takeResend(three, 42, 0)
    expect(first.window.stale).toBe(2)
    const second = takeResend(takeOk(first.window).window, 42, 0)
    expect(second.was).toBe('stale')
    const third = takeResend(takeOk(second.window).window, 42, 0)
    expect(third.was).toBe('stale')
    const { window } = takeOk(third.window)
    expect(window.stale).toBe(0)
    expect(window.cursor).toBe(42)
    expect(hasRoom(window, fourAtOnce, 15)).toBe(true)
  })

  it('sends nothing while lines are on the wire that will be refused', () => {
    const two = sendLine(sendLine(after(41), 15), 15)
    const { window } = takeOk(takeResend(two, 42, 0).window)
    expect(window.stale).toBe(1)
    expect(hasRoom(window, fourAtOnce, 15)).toBe(false)
  })

  it('ignores a request for the line that has not gone out yet', () => {
    const sent = sendLine(after(6), 20)
    const { window, was } = takeResend(sent, 8, 0)
    expect(was).toBe('ignore')
    const swallowed = takeOk(window)
    expect(swallowed.was).toBe('resend')
    expect(takeOk(swallowed.window).window.accepted).toBe(7)
  })

  it('notices that printer and host have lost each other', () => {
    expect(takeResend(after(600), 1, 584).was).toBe('lost')
    expect(takeResend(after(6), 99, 0).was).toBe('lost')
  })

  it('ignores an ok that belongs to nothing', () => {
    expect(takeOk(after(3)).was).toBe('spurious')
  })

  it('takes the answer of a probe for a sign that the ok before it is lost, and leaves open whether the line is', () => {
    const probed = sendProbe(sendLine(after(6), 20), 5)
    const { window, was } = takeOk(probed, undefined, true)
    expect(was).toBe('probe')
    expect(window.waiting).toEqual([])
    expect(window.accepted).toBe(6)
    // The next line brings it out: the firmware accepts it, or asks for the lost one.
    const next = sendLine(window, 20)
    expect(takeOk(next).window.accepted).toBe(8)
    expect(takeResend(next, 7, 0).window.cursor).toBe(7)
  })

  it('does not take the answer of a probe that was given up for the ok of a line', () => {
    const forgotten = forgetProbes(sendProbe(sendLine(after(6), 20), 5))
    expect(takeOk(forgotten, undefined, true).was).toBe('spurious')
  })

  it('believes an ok that names its line, and counts older ones with it', () => {
    const three = sendLine(sendLine(sendLine(after(41), 15), 15), 15)
    const { window } = takeOk(three, 43)
    expect(window.accepted).toBe(43)
    expect(window.waiting).toHaveLength(1)
  })

  it('counts how often one line is asked for', () => {
    let window = sendLine(after(6), 20)
    for (let n = 0; n < 5; n++) window = sendLine(takeOk(takeResend(window, 7, 0).window).window, 20)
    expect(window.repeats).toBe(5)
    expect(takeOk(window).window.repeats).toBe(0)
  })
})
