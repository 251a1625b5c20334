import { randomUUID } from 'node:crypto'
import sql from 'sql-template-tag'
import { describe, expect, it } from 'vitest'
import { askPrinter, showCommand } from '../../server/contract/printer-commands.ts'
import { addPrinter, type SessionState, showPrinter } from '../../server/contract/printers.ts'
import { changeRoutines, type Routines, showRoutines, usualRoutines } from '../../server/contract/routines.ts'
import { becomeBridge, touchBridge } from '../../server/store/bridges.ts'
import {
  answerCommand,
  askCommand,
  closeOldCommands,
  readCommand,
  takeCommands,
} from '../../server/store/printer-commands.ts'
import { saveSnapshots, setupsOf } from '../../server/store/printers.ts'
import { completeRoutines, occupyBed } from '../../server/store/routines.ts'
import { profile } from '../support/session-rig.ts'
import { openWorkshop, refusalOf } from '../support/workshop.ts'

/** A workshop with one printer whose bridge is played by the test. */
const openRig = async () => {
  const workshop = await openWorkshop()
  const { db, steward } = workshop
  const instance = randomUUID()
  await becomeBridge(db, { name: 'room', instance, host: 'here', instead: null })
  const { id } = await steward.call(addPrinter, {
    body: { name: 'Left', bridge: 'room', address: '/dev/ttyUSB0', baudRate: 0, profile },
  })
  const tell = async (state: SessionState): Promise<void> => {
    await touchBridge(db, 'room', instance)
    const still = { reason: null, firmware: null, temperatures: {}, position: null, progress: null }
    const quality = { linesSent: 0, resends: 0, okLatency: 0 }
    await saveSnapshots(db, [{ printerId: id, state, ...still, ...quality, at: new Date().toISOString() }])
  }
  await tell('idle')
  /** Answers as soon as something is asked, as a bridge would. */
  const obey = async (): Promise<string> => {
    for (;;) {
      const [command] = await takeCommands(db, [id])
      if (command === undefined) {
        await new Promise((resolve) => setTimeout(resolve, 10))
        continue
      }
      await answerCommand(db, command.id, { state: 'done', answer: null })
      workshop.house.answers.answered(command.id)
      return command.body.kind
    }
  }
  return { ...workshop, id, params: { id }, tell, obey }
}

const purge = { name: 'Purge', gcode: 'G1 X{x}', pressedBy: 'members' as const, whilePrinting: false }
const wipe = { ...purge, name: 'Wipe', pressedBy: 'operators' as const }

describe('the scripts and macros of a printer', async () => {
  const { steward, join, db, params, id, obey, tell } = await openRig()
  const save = (routines: Partial<Routines>) =>
    steward.call(changeRoutines, { params, body: { ...usualRoutines, ...routines } })

  it('are as usual as long as nobody has written any', async () => {
    expect(await steward.call(showRoutines, { params })).toEqual(usualRoutines)
  })
  it('reach its bridge as they were saved', async () => {
    await save({ macros: [purge, wipe], nozzleOffMinutes: 20 })
    expect((await setupsOf(db, 'room'))[0]?.routines).toMatchObject({ nozzleOffMinutes: 20, macros: [purge, wipe] })
  })
  it('are complete, however old what is stored', () => {
    expect(completeRoutines({ nozzleOffMinutes: 5 })).toEqual({ ...usualRoutines, nozzleOffMinutes: 5 })
  })
  it('are written by stewards only', async () => {
    const ane = await join('Ane', 'operator')
    const change = ane.call(changeRoutines, { params, body: usualRoutines })
    expect(await refusalOf(change)).toMatchObject({ status: 403 })
  })
  it.each(['M112', 'M28 x', 'M110 N0', 'M600', 'G1 X{nowhere}', 'M997'])('never hold %s', async (line) => {
    const body = { scripts: { ...usualRoutines.scripts, afterPause: `G28\n${line}` } }
    expect(await refusalOf(save(body))).toMatchObject({
      status: 422,
      code: 'routines.line',
      message: expect.stringContaining(line),
    })
    expect(await refusalOf(save({ macros: [{ ...purge, gcode: line }] }))).toMatchObject({ code: 'routines.line' })
  })
  it('have names of their own', async () => {
    expect(await refusalOf(save({ macros: [purge, purge] }))).toMatchObject({ code: 'routines.twice' })
  })
  it('are pressed by those for whom they are', async () => {
    await save({ macros: [purge, wipe] })
    const jon = await join('Jon', 'member')
    const vera = await join('Vera', 'visitor')
    const press = (name: string) => ({ params: { id }, body: { kind: 'macro' as const, name } })
    // However slow this machine is, the bridge has just been heard.
    await tell('idle')
    const [command] = await Promise.all([jon.call(askPrinter, press('Purge')), obey()])
    expect(command).toMatchObject({ state: 'done', askedBy: 'Jon' })
    expect(await refusalOf(jon.call(askPrinter, press('Wipe')))).toMatchObject({ code: 'permission.missing' })
    expect(await refusalOf(jon.call(askPrinter, press('Gone')))).toMatchObject({ code: 'macro.missing' })
    expect(await refusalOf(vera.call(askPrinter, press('Purge')))).toMatchObject({ status: 403 })
    const [wiped] = await Promise.all([steward.call(askPrinter, press('Wipe')), obey()])
    expect(wiped.state).toBe('done')
  })
})

describe('a command', async () => {
  const { steward, join, db, id, params, tell } = await openRig()
  const ask = (body: Parameters<typeof askCommand>[1]['body']): Promise<number> =>
    askCommand(db, { printerId: id, bridge: 'room', body, askedBy: 1, askedByName: 'Maite' })

  it('has a deadline of its kind', async () => {
    const quick = await readCommand(db, await ask({ kind: 'fan', speed: 1 }))
    const slow = await readCommand(db, await ask({ kind: 'change-filament' }))
    const seconds = (one: typeof quick): number =>
      Math.round((Date.parse(one?.deadline ?? '') - Date.parse(one?.askedAt ?? '')) / 1000)
    expect([seconds(quick), seconds(slow)]).toEqual([60, 1800])
  })
  it('that no bridge takes is answered, and never obeyed later', async () => {
    const command = await ask({ kind: 'home', axes: [] })
    await db.run(sql`UPDATE printer_command SET asked_at = now() - interval '20 seconds' WHERE id = ${command}`)
    await closeOldCommands(db)
    expect(await takeCommands(db, [id])).not.toContainEqual(expect.objectContaining({ id: command }))
    expect(await steward.call(showCommand, { params: { id: command } })).toMatchObject({
      state: 'timed-out',
      answer: expect.stringContaining('did not take it'),
    })
  })
  it('whose bridge was stopped over it is answered after its deadline', async () => {
    const command = await ask({ kind: 'home', axes: [] })
    await takeCommands(db, [id])
    await closeOldCommands(db)
    expect((await readCommand(db, command))?.state).toBe('taken')
    await db.run(sql`UPDATE printer_command SET deadline = now() - interval '20 seconds' WHERE id = ${command}`)
    await closeOldCommands(db)
    expect(await readCommand(db, command)).toMatchObject({
      state: 'timed-out',
      answer: expect.stringContaining('started anew'),
    })
  })
  it('is answered once: what comes later changes nothing', async () => {
    const command = await ask({ kind: 'home', axes: [] })
    await answerCommand(db, command, { state: 'refused', answer: 'No.' })
    await answerCommand(db, command, { state: 'done', answer: null })
    expect(await readCommand(db, command)).toMatchObject({ state: 'refused', answer: 'No.' })
  })
  it('that the state forbids is refused by the rules that the bridge has', async () => {
    await tell('manual')
    expect(await refusalOf(steward.call(askPrinter, { params, body: { kind: 'pause' } }))).toMatchObject({
      code: 'command.state',
      message: 'Left is manual: this cannot be done now.',
    })
    await tell('idle')
  })
  it('is not for everybody', async () => {
    const leo = await join('Leo', 'member')
    for (const body of [
      { kind: 'baby-step', z: 0.05 },
      { kind: 'change-filament' },
      { kind: 'gcode', line: 'M114' },
    ] as const) {
      expect(await refusalOf(leo.call(askPrinter, { params, body }))).toMatchObject({ code: 'permission.missing' })
    }
  })
})

describe('a print by hand', async () => {
  const { steward, db, id } = await openRig()
  it('leaves a bed that a person must clear', async () => {
    await db.run(sql`UPDATE printer SET bed = 'clear'`)
    await occupyBed(db, id)
    expect(await steward.call(showPrinter, { params: { id } })).toMatchObject({ bed: 'occupied', bedSignedBy: null })
  })
})
