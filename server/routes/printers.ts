// Printers: how they are set up, whether the bed is clear.
import type { FastifyInstance } from 'fastify'
import type { Me } from '../contract/members.ts'
import { may } from '../contract/permissions.ts'
import {
  addPrinter,
  changePrinter,
  clearBed,
  isPortAddress,
  listBridges,
  listPrinters,
  type Printer,
  removePrinter,
  showPrinter,
  showTemperatures,
} from '../contract/printers.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import { checkLearnt } from '../desk/may-use.ts'
import { mount } from '../plugins/mount.ts'
import { printersSeen } from '../plugins/seen.ts'
import * as bridges from '../store/bridges.ts'
import { brokenConstraint, type Database } from '../store/database.ts'
import * as printers from '../store/printers.ts'
import type { House } from './house.ts'

export const mountPrinters = (app: FastifyInstance, house: House): void => {
  const { db } = house
  mount(app, listPrinters, async ({ me }) => printersSeen(db, me, await printers.listPrinters(db)))
  mount(app, showPrinter, ({ params, me }) => shownPrinter(db, params.id, me))
  mount(app, listBridges, () => bridges.listBridges(db))
  mount(app, showTemperatures, async ({ params }) => house.temperatures.of(params.id))

  mount(app, addPrinter, async ({ body, me }) => {
    // A printer that is not there yet is in no set.
    if (!may(me, 'set-up-printers', 'everywhere')) throw new Refused(refuse('permission.missing'))
    await checkPort(db, body.bridge, body.address, null)
    return wantedPrinter(db, await unlessTaken(body.name, () => printers.createPrinter(db, body)))
  })

  mount(app, changePrinter, async ({ params, body, me }) => {
    const printer = await wantedPrinter(db, params.id)
    // Tags say what is in whose set: who is held to a set does not draw its bounds.
    if (body.tags !== undefined && !may(me, 'set-up-printers', 'everywhere')) {
      throw new Refused(refuse('permission.missing'))
    }
    const moves = body.address !== undefined || body.bridge !== undefined
    if (moves && printer.print !== null) throw new Refused(refuse('printer.printing', { name: printer.name }))
    await checkPort(db, body.bridge ?? printer.bridge, body.address ?? printer.address, printer.id)
    await unlessTaken(body.name ?? printer.name, () => printers.changePrinter(db, params.id, body))
    return shownPrinter(db, params.id, me)
  })

  mount(app, removePrinter, async ({ params }) => {
    const printer = await wantedPrinter(db, params.id)
    if (!(await printers.removePrinter(db, params.id))) {
      throw new Refused(refuse('printer.printing', { name: printer.name }))
    }
    return {}
  })

  mount(app, clearBed, async ({ params, me }) => {
    const printer = await wantedPrinter(db, params.id)
    if (printer.bed === 'clear') throw new Refused(refuse('printer.bed-clear', { name: printer.name }))
    await checkLearnt(db, me.id, params.id, { use: 'clear' })
    if (!(await printers.signBed(db, params.id, 'clear', me.id))) {
      throw new Refused(refuse('printer.printing', { name: printer.name }))
    }
    return shownPrinter(db, params.id, me)
  })
}

const wantedPrinter = async (db: Database, id: number): Promise<Printer> => {
  const printer = await printers.readPrinter(db, id)
  if (printer === null) throw new Refused(refuse('printer.missing'))
  return printer
}

/** As this member gets to see it. */
const shownPrinter = async (db: Database, id: number, me: Me): Promise<Printer> => {
  const [shown] = await printersSeen(db, me, [await wantedPrinter(db, id)])
  if (shown === undefined) throw new Refused(refuse('printer.missing'))
  return shown
}

const checkPort = async (db: Database, bridge: string, address: string, printerId: number | null): Promise<void> => {
  if (!isPortAddress(address)) throw new Refused(refuse('printer.port', { address }))
  const user = await printers.printerAt(db, bridge, address)
  if (user !== null && user.id !== printerId) throw new Refused(refuse('printer.port-taken', { name: user.name }))
}

/** Two people may add at once: then the database says which of both was late. */
const unlessTaken = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    const constraint = brokenConstraint(error)
    if (constraint === 'printer_name') throw new Refused(refuse('printer.name-taken', { name }))
    if (constraint === 'printer_port') throw new Refused(refuse('printer.port-taken', { name }))
    throw error
  }
}
