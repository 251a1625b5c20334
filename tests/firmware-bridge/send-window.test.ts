import { describe, expect, it } from 'vitest'
import { pingPong } from '../../firmware-bridge/protocol/dialect.ts'
import {
  forgetProbes,
  hasRoom,
  isSilent,
  openWindow,
  type SendWindow,
  sendAgain,
  sendLine,
  sendProbe,
  settle,
  takeOk,
  takeResend,
  takeSkip,
  vouch,
} from '../../firmware-bridge/protocol/send-window.ts'

const fourAtOnce = { lines: 4, bytes: 127 }

/** A window from which so many lines went out and were acknowledged. */
const after = (lines: number): SendWindow => {
  let window = openWindow(1)
  for (let n = 0; n < lines; n++) window = takeOk(sendLine(window, 20)).window
  return window
}

/** So many lines more on the wire. */
const sending = (window: SendWindow, lines: number): SendWindow => {
  let sent = window
  for (let n = 0; n < lines; n++) sent = sendLine(sent, 15)
  return sent
}

describe('the send window', () => {
  it('sends one line and waits for its ok', () => {
    const sent = sendLine(openWindow(1), 20)
    expect(hasRoom(sent, pingPong, 20)).toBe(false)
    const { window, was, number } = takeOk(sent)
    expect([was, number]).toEqual(['line', 1])
    expect(window.accepted).toBe(1)
    expect(hasRoom(window, pingPong, 20)).toBe(true)
    expect(isSilent(window)).toBe(true)
  })

  it('counts bytes as well as lines where several may be on the wire', () => {
    const two = sendLine(sendLine(openWindow(1), 60), 60)
    expect(hasRoom(two, fourAtOnce, 20)).toBe(false)
    expect(hasRoom(two, fourAtOnce, 7)).toBe(true)
    expect(hasRoom(sending(openWindow(1), 4), fourAtOnce, 1)).toBe(false)
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

  it('waits for no ok after a request of firmware that says none', () => {
    const asked = takeResend(sendLine(after(6), 20), 7, 0, false).window
    expect(hasRoom(asked, pingPong, 20)).toBe(true)
    expect(takeOk(sendLine(asked, 20)).window.accepted).toBe(7)
  })

  it('does not wait for ever for an ok that old firmware does not send after a resend', () => {
    const asked = takeResend(sendLine(after(6), 20), 7, 0).window
    expect(hasRoom(settle(asked), pingPong, 20)).toBe(true)
  })

  it('acts once on a request that comes for each line behind the bad one', () => {
    const three = sending(after(41), 3)
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

  it('keeps waiting for lines that wait in the queue of the firmware when a later one is asked for', () => {
    const { window } = takeResend(sending(after(41), 4), 44, 0)
    expect(window.waiting.map(({ kind, number }) => [kind, number])).toEqual([
      ['resend', -1],
      ['line', 42],
      ['line', 43],
    ])
    expect(window.stale).toBe(1)
    const acknowledged = takeOk(takeOk(takeOk(window).window).window).window
    expect(acknowledged.accepted).toBe(43)
  })

  it('sends nothing while lines are on the wire that will be refused', () => {
    const { window } = takeOk(takeResend(sending(after(41), 2), 42, 0).window)
    expect(window.stale).toBe(1)
    expect(hasRoom(window, fourAtOnce, 15)).toBe(false)
    // They were emptied with the buffer of the firmware, and no answer will come.
    expect(hasRoom(settle(window), fourAtOnce, 15)).toBe(true)
  })

  it('ignores a request for the line that has not gone out yet', () => {
    const sent = sendLine(after(6), 20)
    const { window, was } = takeResend(sent, 8, 0)
    expect(was).toBe('ignore')
    const swallowed = takeOk(window)
    expect(swallowed.was).toBe('resend')
    expect(takeOk(swallowed.window).window.accepted).toBe(7)
  })

  it('stops to listen when each line is asked for after the last: two copies of each are on their way', () => {
    let window = after(6)
    for (let line = 7; line < 10; line++) {
      window = takeOk(takeResend(sendLine(window, 20), line, 0).window).window
      expect(window.stale).toBe(0)
      // The first copy was good, its ok comes; the second will be answered by a request for the line after it.
      window = takeOk(sendLine(window, 20)).window
    }
    window = takeOk(takeResend(sendLine(window, 20), 10, 0).window).window
    expect(window.stale).toBe(1)
    expect(hasRoom(window, pingPong, 20)).toBe(false)
    expect(hasRoom(settle(window), pingPong, 20)).toBe(true)
  })

  it('notices that printer and host have lost each other', () => {
    expect(takeResend(after(600), 1, 584).was).toBe('lost')
    expect(takeResend(after(6), 99, 0).was).toBe('lost')
  })

  it('begins a numbering again whose M110 was spoilt: the firmware still counts as before', () => {
    const renumbered = sendLine(openWindow(0, after(5000)), 18)
    const { window, was } = takeResend(renumbered, 5001, 0)
    expect([was, window.cursor]).toEqual(['again', 0])
    // Its ok may have been that of a command that it was taken for.
    const further = takeResend(sendLine(takeOk(renumbered).window, 20), 5001, 0)
    expect([further.was, further.window.cursor]).toEqual(['again', 0])
  })

  it('ignores an ok that belongs to nothing', () => {
    expect(takeOk(after(3)).was).toBe('spurious')
  })

  it('takes the answer of a probe for a sign that the ok before it is lost, and leaves open whether the line is', () => {
    const probed = sendProbe(sendLine(after(6), 20), 5)
    const { window, was, unanswered } = takeOk(probed, { temperatures: true })
    expect([was, unanswered]).toEqual(['probe', 1])
    expect(window.waiting).toEqual([])
    expect(window.accepted).toBe(6)
    // The next line brings it out: the firmware accepts it, or asks for the lost one.
    const next = sendLine(window, 20)
    expect(takeOk(next).window.accepted).toBe(8)
    expect(takeResend(next, 7, 0).window.cursor).toBe(7)
    expect(vouch(window).accepted).toBe(7)
  })

  it('does not take the answer of a probe that was given up for the ok of a line', () => {
    const forgotten = forgetProbes(sendProbe(sendLine(after(6), 20), 5))
    expect(takeOk(forgotten, { temperatures: true }).was).toBe('spurious')
  })

  it('takes only an ok with temperatures for that of an M105, once it has seen one', () => {
    const learned = takeOk(sendLine(after(6), 12, true), { temperatures: true }).window
    const asked = sendLine(learned, 12, true)
    expect(takeOk(asked).was).toBe('spurious')
    expect(takeOk(asked, { temperatures: true }).window.accepted).toBe(8)
    // Firmware that tells them on a line of their own says a plain ok.
    expect(takeOk(sendLine(after(6), 12, true)).was).toBe('line')
  })

  it('believes an ok that names its line, and counts older ones with it', () => {
    const { window, unanswered } = takeOk(sending(after(41), 3), { line: 43 })
    expect([window.accepted, window.certain, unanswered]).toEqual([43, 43, 1])
    expect(window.waiting).toHaveLength(1)
  })

  it('counts no ok twice that names its line, and is set right by the next when one came without a name', () => {
    const named = takeOk(sending(after(41), 3), { line: 42 }).window
    expect(takeOk(named, { line: 42 }).was).toBe('spurious')
    // Some commands are answered by a plain ok also by firmware that names its lines otherwise.
    const plain = takeOk(named).window
    expect([plain.accepted, plain.certain]).toEqual([43, 42])
    expect(takeOk(plain, { line: 43 }).was).toBe('spurious')
    expect(takeOk(plain, { line: 44 }).window.certain).toBe(44)
  })

  it('knows a line by what is left of its number: Repetier counts to 65535', () => {
    const far = takeOk(sendLine(openWindow(65_540), 20), { line: 4 })
    expect([far.was, far.window.accepted]).toEqual(['line', 65_540])
  })

  it('calls a line certain only when two later ones were taken: an ok too many must not run ahead of the printer', () => {
    const window = after(6)
    expect([window.accepted, window.certain]).toEqual([6, 4])
    expect(
      takeOk(sendLine({ ...window, temperaturesInOk: true }, 12, true), { temperatures: true }).window.certain,
    ).toBe(7)
  })

  it('counts how often it was asked without getting any further', () => {
    let window = sendLine(after(6), 20)
    for (let n = 0; n < 5; n++) window = sendLine(takeOk(takeResend(window, 7, 0).window).window, 20)
    expect(window.repeats).toBe(5)
    expect(takeOk(window).window.repeats).toBe(0)
    // Nor does an ok that is one too many hide that the line is asked for again each time.
    window = sendLine(after(6), 20)
    for (let n = 0; n < 5; n++) window = sendLine(takeOk(takeResend(takeOk(window).window, 7, 0).window).window, 20)
    expect(window.repeats).toBe(5)
  })

  it('sends again what Repetier may have missed, and takes skip for a sign that it has it', () => {
    const sixth = takeOk(sendLine(after(5), 20), { line: 6 }).window
    const again = sendAgain(sendLine(sixth, 20))
    expect([again.cursor, again.waiting.length]).toEqual([7, 0])
    const skipped = takeSkip(sendLine(again, 20), 7)
    expect([skipped.was, skipped.window.accepted]).toEqual(['had', 7])
    const { window, was } = takeOk(skipped.window)
    expect([was, window.accepted, isSilent(window)]).toEqual(['resend', 7, true])
  })

  it('takes skip for a refusal where Repetier may lack an earlier line, and sends that again', () => {
    const sixth = takeOk(sendLine(after(5), 20), { line: 6 }).window
    // The N of line 7 was garbled: Repetier carried out the rest as a command without a number, and said a plain ok.
    const seventh = takeOk(sendLine(sixth, 20)).window
    const refused = takeSkip(sendLine(seventh, 20), 8)
    expect([refused.was, refused.window.cursor, refused.window.accepted]).toEqual(['again', 7, 6])
    const answered = takeOk(refused.window)
    expect(answered.was).toBe('resend')
    expect(takeOk(sendLine(answered.window, 20), { line: 7 }).window.certain).toBe(7)
  })

  it('counts the answers of M105 that hold no temperatures, and learns better from one that comes too late', () => {
    const plain = takeOk(sendLine(after(6), 12, true)).window
    expect([plain.plainAnswers, plain.temperaturesInOk]).toEqual([1, false])
    expect(takeOk(plain, { temperatures: true }).window.temperaturesInOk).toBe(true)
  })

  it('stands still when the ok of a resend comes with the lines behind it unanswered', () => {
    const { window } = takeResend(sending(after(6), 2), 7, 0)
    expect(isSilent(window)).toBe(false)
  })
})
