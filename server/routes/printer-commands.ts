// What people ask of printers, and the scripts and macros that they have taught them.
import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { Me } from '../contract/members.ts'
import { may, reaches } from '../contract/permissions.ts'
import {
  askPrinter,
  type CommandBody,
  isMeaningful,
  isOfOwnPrint,
  type PrinterCommand,
  permissionFor,
  showCommand,
} from '../contract/printer-commands.ts'
import { type Printer, shownState } from '../contract/printers.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import { changeRoutines, type Routines, scriptFault, scriptMoments, showRoutines } from '../contract/routines.ts'
import { mount } from '../plugins/mount.ts'
import type { Database } from '../store/database.ts'
import { placeOf } from '../store/places.ts'
import { askCommand, closeOldCommands, readCommand } from '../store/printer-commands.ts'
import { readPrinter } from '../store/printers.ts'
import { readRoutines, saveRoutines } from '../store/routines.ts'
import type { House } from './house.ts'

/** How long the browser is kept waiting for a printer's answer; what takes longer is told by the live channel. */
const ANSWER_MS = 5000

export const mountPrinterCommands = (app: FastifyInstance, house: House): void => {
  const { db } = house

  mount(app, askPrinter, async ({ params, body, me }) => {
    const printer = await readPrinter(db, params.id)
    if (printer === null) throw new Refused(refuse('printer.missing'))
    await checkMayAsk(db, body, printer, me)
    if (!printer.bridgeAlive) throw new Refused(refuse('printer.bridge-away', { bridge: printer.bridge }))
    const state = printer.telemetry?.state ?? 'offline'
    // The bridge decides; this only spares the way where the answer is known. An emergency is always passed on.
    if (body.kind !== 'emergency-stop' && !isMeaningful(body.kind, state)) {
      throw new Refused(refuse('command.state', { name: printer.name, state: shownState(state, printer.bed) }))
    }
    const { id, bridge } = printer
    const asked = { printerId: id, bridge, body, askedBy: me.id, askedByName: me.name }
    if (body.kind !== 'emergency-stop') return answerOf(house, await askCommand(db, asked))
    const wish = randomUUID()
    const straight = house.doors.stop({ id: wish, printerId: id, askedBy: me.name })
    const answer = await answerOf(house, await askCommand(db, { ...asked, wish }))
    await straight
    return answer
  })

  mount(app, showCommand, async ({ params, me }) => {
    const command = await readCommand(db, params.id)
    const place = command && (await placeOf(db, command.printerId))
    if (!command || !place || !reaches(me, 'look', place)) throw new Refused(refuse('command.missing'))
    if (!may(me, 'emergency-stop', place)) throw new Refused(refuse('permission.missing'))
    return command
  })

  mount(app, showRoutines, ({ params }) => wantedRoutines(db, params.id))

  mount(app, changeRoutines, async ({ params, body }) => {
    await wantedRoutines(db, params.id)
    checkRoutines(body)
    await saveRoutines(db, params.id, body)
    return wantedRoutines(db, params.id)
  })
}

const wantedRoutines = async (db: Database, printerId: number): Promise<Routines> => {
  const routines = await readRoutines(db, printerId)
  if (routines === null) throw new Refused(refuse('printer.missing'))
  return routines
}

const checkMayAsk = async (db: Database, body: CommandBody, printer: Printer, me: Me): Promise<void> => {
  if (body.kind === 'macro') return checkMayPress(db, body.name, printer, me)
  if (may(me, permissionFor(body.kind), printer)) return
  const own = printer.print?.memberId === me.id && may(me, 'mind-own-prints', printer)
  if (!own || !isOfOwnPrint(body.kind)) throw new Refused(refuse('permission.missing'))
}

const checkMayPress = async (db: Database, name: string, printer: Printer, me: Me): Promise<void> => {
  const { macros } = await wantedRoutines(db, printer.id)
  const macro = macros.find((one) => one.name === name)
  if (macro === undefined) throw new Refused(refuse('macro.missing', { name: printer.name, macro: name }))
  const needed = macro.pressedBy === 'members' ? 'press-macros' : 'run-printers'
  if (!may(me, needed, printer)) throw new Refused(refuse('permission.missing'))
}

const checkRoutines = ({ scripts, macros }: Routines): void => {
  const places: [string, string][] = [
    ...scriptMoments.map((moment): [string, string] => [moment, scripts[moment]]),
    ...macros.map(({ name, gcode }): [string, string] => [name, gcode]),
  ]
  for (const [place, script] of places) {
    const fault = scriptFault(script)
    if (fault !== null) throw new Refused(refuse('routines.line', { place, ...fault }))
  }
  const names = macros.map(({ name }) => name)
  const twice = names.find((name, n) => names.indexOf(name) !== n)
  if (twice !== undefined) throw new Refused(refuse('routines.twice', { name: twice }))
}

const answerOf = async ({ db, answers }: House, commandId: number): Promise<PrinterCommand> => {
  await answers.wait(commandId, ANSWER_MS)
  await closeOldCommands(db)
  const command = await readCommand(db, commandId)
  if (command === null) throw new Error(`The command ${commandId} vanished.`)
  return command
}
