import { describe, expect, it } from 'vitest'
import { judgeLine } from '../../firmware-bridge/file-stops.ts'
import { noPrompt, type PromptState, takePromptAction, toHostPrompt } from '../../firmware-bridge/prompts.ts'
import { models } from '../../firmware-bridge/simulator/models.ts'
import { openRig, until } from '../support/session-rig.ts'

const after = (...actions: string[]): PromptState =>
  actions.reduce<PromptState>((state, action) => takePromptAction(state, action) ?? state, noPrompt)

describe('a question of the firmware', () => {
  it('is shown when it is put together, and not before', () => {
    expect(toHostPrompt(after('prompt_begin Filament?', 'prompt_button Yes'))).toBeNull()
    expect(
      toHostPrompt(after('prompt_begin Filament?', 'prompt_choice Yes', 'prompt_button No\r', 'prompt_show')),
    ).toEqual({
      text: 'Filament?',
      buttons: ['Yes', 'No'],
    })
  })
  it('is taken back by its end and by the next one', () => {
    const shown = ['prompt_begin One', 'prompt_show']
    expect(toHostPrompt(after(...shown, 'prompt_end'))).toBeNull()
    expect(toHostPrompt(after(...shown, 'prompt_begin Two'))).toBeNull()
  })
  it('is no other action', () => expect(takePromptAction(noPrompt, 'pause')).toBeNull())
  it('is bounded, whatever the firmware says', () => {
    const many = Array.from({ length: 50 }, () => `prompt_button ${'x'.repeat(500)}`)
    const prompt = toHostPrompt(after(`prompt_begin ${'y'.repeat(5000)}`, ...many, 'prompt_show'))
    expect(prompt?.buttons.length).toBe(8)
    expect(JSON.stringify(prompt).length).toBeLessThan(700)
  })
  it('names what to send where it is Klipper’s', () => {
    const { shown } = after(
      'prompt_begin Load',
      'prompt_text now?',
      'prompt_footer_button Go|LOAD_FILAMENT|primary',
      'prompt_show',
    )
    expect(shown).toEqual({ text: 'Load\nnow?', buttons: [{ label: 'Go', gcode: 'LOAD_FILAMENT' }] })
  })
  it('reaches people, and their answer the firmware', async () => {
    const rig = await openRig({ model: models.full })
    for (const action of ['prompt_begin Is it clean?', 'prompt_button Yes', 'prompt_button No', 'prompt_show']) {
      rig.port.printer.hear(`M118 A1 action:${action}\n`)
    }
    await until(() => rig.controls.prompt !== null, 'the question is shown')
    expect(rig.controls.prompt).toEqual({ text: 'Is it clean?', buttons: ['Yes', 'No'] })
    expect(await rig.session.command({ kind: 'answer-prompt', choice: 7 }, null)).toEqual({
      refused: 'There is no such answer.',
    })
    expect(await rig.session.command({ kind: 'answer-prompt', choice: 1 }, null)).toEqual({ done: true })
    await until(() => rig.lines().includes('M876 S1'), 'the firmware has the answer')
    expect(rig.controls.prompt).toBeNull()
    expect(await rig.session.command({ kind: 'answer-prompt', choice: 1 }, null)).toEqual({
      refused: 'Test printer asks nothing.',
    })
  })
})

describe('a line of a file', () => {
  it.each([
    ['M0 Take the magnet', { kind: 'wait', text: 'Take the magnet', seconds: null }],
    ['M1 S10 Look', { kind: 'wait', text: 'Look', seconds: 10 }],
    ['M0 P500', { kind: 'wait', text: '', seconds: 0.5 }],
    ['M25', { kind: 'pause' }],
    ['M226', { kind: 'pause' }],
    ['M601', { kind: 'pause' }],
    ['@pause', { kind: 'pause' }],
    ['PAUSE', { kind: 'pause' }],
    ['M600 B3', { kind: 'filament', line: 'M600 B3' }],
  ])('that waits for a person stops the print: %s', (line, stop) => expect(judgeLine(line)).toEqual(stop))
  it.each([
    'M28 x.gco',
    'M24',
    'M30',
    'M112',
    'M110 N5',
    'M108',
    'M876 S0',
    'M575 B9600',
    'M997',
    'M999',
    'M113 S0',
    'M155 S0',
    'M410',
    'M118 A1 action:cancel',
    '@cooldown',
  ])('that would take the printer out of its hands is left out: %s', (line) =>
    expect(judgeLine(line)).toBe('leave-out'),
  )
  it.each(['G1 X1 E1', 'M104 S200', 'M226 P3 S1', 'M106', 'T1', 'EXCLUDE_OBJECT_START NAME=x', 'M117 M600'])(
    'goes out otherwise: %s',
    (line) => expect(judgeLine(line)).toBe('send'),
  )
})

const moves = (from: number, count: number): string =>
  Array.from({ length: count }, (_, n) => `G1 X${10 + ((from + n) % 100)} Y20 F6000`).join('\n')

describe('a file that waits for a person', () => {
  it('stops where it stands, shows its words, and goes on when somebody says so', async () => {
    const rig = await openRig()
    const ended = rig.print(`G28\n${moves(0, 20)}\nM0 Put the magnet in\n${moves(20, 20)}\n`)
    await rig.state('paused')
    await until(() => rig.controls.wait !== null, 'the wait is shown')
    expect(rig.controls.wait).toEqual({ by: 'file', text: 'Put the magnet in', until: null })
    expect(rig.session.telemetry(new Date()).reason).toBe('Put the magnet in')
    expect(rig.told().at(-1)).toBe('G1 X29 Y20 F6000')
    expect(await rig.session.command({ kind: 'continue' }, 'Ane')).toEqual({ done: true })
    expect(await ended).toMatchObject({ state: 'completed' })
    expect(rig.told().filter((line) => /^G1 X\d+ Y20/.test(line))).toHaveLength(40)
    expect(rig.told()).not.toContain('M0')
  })
  it('goes back to where it stood when somebody has moved it meanwhile', async () => {
    const rig = await openRig()
    const ended = rig.print(`G28\nG1 Z5 F600\n${moves(0, 20)}\nM0\n${moves(20, 5)}\n`)
    await until(() => rig.controls.wait !== null, 'the wait is shown')
    expect(await rig.session.command({ kind: 'jog', x: 30, y: 30, z: -3 }, 'Ane')).toEqual({ done: true })
    await rig.session.command({ kind: 'continue' }, 'Ane')
    expect(await ended).toMatchObject({ state: 'completed' })
    const told = rig.told()
    const back = told.indexOf('G1 X29 Y20 F6000', told.indexOf('G91'))
    // From above: what is printed may stand in the way.
    expect(told.slice(back - 1, back + 2)).toEqual(['G1 Z15 F600', 'G1 X29 Y20 F6000', 'G1 Z5 F600'])
  })
  it('goes on by itself after the time that it names', async () => {
    const rig = await openRig()
    expect(await rig.print(`G28\n${moves(0, 5)}\nM0 P300\n${moves(5, 5)}\n`)).toMatchObject({ state: 'completed' })
    expect(rig.told().filter((line) => /^G1 X\d+ Y20/.test(line))).toHaveLength(10)
  })
  it('may stand at its very end', async () => {
    const rig = await openRig()
    const ended = rig.print(`G28\n${moves(0, 5)}\nM0`)
    await until(() => rig.controls.wait !== null, 'the wait is shown')
    await rig.session.command({ kind: 'resume' }, null)
    expect(await ended).toMatchObject({ state: 'completed' })
  })
  it('can be cancelled while it waits', async () => {
    const rig = await openRig()
    const ended = rig.print(`G28\n${moves(0, 5)}\nM1\n${moves(5, 5)}\n`)
    await until(() => rig.controls.wait !== null, 'the wait is shown')
    await rig.session.command({ kind: 'cancel' }, 'Ane')
    expect(await ended).toMatchObject({ state: 'cancelled' })
    expect(rig.controls.wait).toBeNull()
  })
  it('asks nobody where nobody is asked', async () => {
    const rig = await openRig()
    expect(await rig.session.command({ kind: 'continue' }, null)).toEqual({ refused: 'Test printer waits for nobody.' })
  })
})

describe('firmware that waits for a person itself', () => {
  it('changes filament by its own M600: its questions are shown one after the other and answered', async () => {
    const rig = await openRig({ model: models.full, speed: 60 })
    const ended = rig.print(`M104 S210\nG28\nM109 S210\n${moves(0, 5)}\nM600\n${moves(5, 5)}\n`)
    await until(() => rig.controls.prompt?.text === 'Nozzle Parked', 'it has parked', 30_000)
    expect(rig.controls.filament).toBeNull()
    await rig.session.command({ kind: 'answer-prompt', choice: 0 }, 'Ane')
    await until(() => rig.controls.prompt?.text === 'Paused', 'it asks whether to purge more', 30_000)
    expect(rig.controls.prompt?.buttons).toEqual(['PurgeMore', 'Continue'])
    await rig.session.command({ kind: 'answer-prompt', choice: 1 }, 'Ane')
    expect(await ended).toMatchObject({ state: 'completed' })
    expect(rig.told().filter((line) => /^G1 X\d+ Y20/.test(line))).toHaveLength(10)
  })
  it('that says it has paused gets no script, and goes on when it says so', async () => {
    const rig = await openRig({ speed: 100, routines: { scripts: { afterPause: 'M117 script' } as never } })
    const ended = rig.print(`G28\n${moves(0, 400)}\n`)
    await until(() => rig.told().length > 50, 'it prints')
    rig.say('//action:paused')
    await rig.state('paused')
    const count = rig.told().length
    rig.say('//action:resumed')
    await rig.state('printing')
    expect(await ended).toMatchObject({ state: 'completed' })
    expect(rig.told().length).toBeGreaterThan(count)
    expect(rig.told().join()).not.toContain('script')
  })
  it('shows a wait that it only says by `busy: paused for user`, and frees it by M108', async () => {
    const rig = await openRig({ speed: 10 })
    rig.say('echo:Insert filament and send M108')
    rig.say('echo:busy: paused for user')
    await until(() => rig.controls.wait !== null, 'the wait is shown')
    expect(rig.controls.wait).toMatchObject({ by: 'firmware', text: 'Insert filament and send M108' })
    expect(await rig.session.command({ kind: 'continue' }, null)).toEqual({ done: true })
    await until(() => rig.lines().includes('M108'), 'the firmware is told')
    expect(rig.controls.wait).toBeNull()
  })
  it.each(['pause', 'cancel'])('may %s a print by its own buttons', async (action) => {
    const rig = await openRig({ speed: 100 })
    const ended = rig.print(`G28\n${moves(0, 2000)}\n`)
    await until(() => rig.told().length > 50, 'it prints')
    rig.say(`//action:${action}`)
    await rig.state(action === 'pause' ? 'paused' : 'idle')
    if (action === 'pause') {
      rig.say('// action:resume')
      await rig.state('printing')
      await rig.session.command({ kind: 'cancel' }, null)
    }
    expect(await ended).toMatchObject({ state: 'cancelled' })
  })
  it('says things to people', async () => {
    const rig = await openRig()
    rig.say('//action:notification Probing done')
    await until(() => rig.controls.message === 'Probing done', 'it is shown')
  })
})
