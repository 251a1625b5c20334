// Smart plugs: which one switches a printer, and switching it by hand.
import type { FastifyInstance } from 'fastify'
import { type Plug, type PlugSettings, removePlug, setPlug, showPlug, switchPlug } from '../contract/power.ts'
import type { Printer } from '../contract/printers.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import { hindranceToOff, powerViewOf } from '../domain/power.ts'
import { mount } from '../plugins/mount.ts'
import { askPlug, switchPlug as callPlug, PlugTrouble } from '../plugs/plug-calls.ts'
import type { Database } from '../store/database.ts'
import * as plugs from '../store/plugs.ts'
import { readPrinter } from '../store/printers.ts'
import type { Sealer } from '../store/secrets.ts'
import type { House } from './house.ts'

export const mountPower = (app: FastifyInstance, { db }: House, sealer: Sealer): void => {
  mount(app, showPlug, async ({ params }) => ({ plug: shown(await plugs.readPlug(db, params.id)) }))

  mount(app, setPlug, async ({ params, body }) => {
    await wantedPrinter(db, params.id)
    await plugs.savePlug(db, params.id, body, await passwordFor(db, sealer, params.id, body))
    return { plug: await askNow(db, sealer, params.id) }
  })

  mount(app, removePlug, async ({ params }) => {
    await plugs.removePlug(db, params.id)
    return {}
  })

  mount(app, switchPlug, async ({ params, body }) => {
    const printer = await wantedPrinter(db, params.id)
    const plug = await plugs.readPlug(db, params.id)
    if (plug === null) throw new Refused(refuse('plug.none', { name: printer.name }))
    await orTrouble(async () => {
      const address = plugs.withPassword(plug, sealer)
      if (body.on) {
        await callPlug(address, true)
        return plugs.savePlugState(db, params.id, { isOn: true, trouble: null })
      }
      await plugs.switchOffAlone(db, params.id, async (inside) => {
        const hindrance = hindranceToOff(powerViewOf(await wantedPrinter(inside, params.id)))
        if (hindrance !== null) throw new Refused(refuse('plug.trouble', { reason: hindrance }))
        await callPlug(address, false)
        return true
      })
    })
    return { plug: shown(await plugs.readPlug(db, params.id)) }
  })
}

const wantedPrinter = async (db: Database, id: number): Promise<Printer> => {
  const printer = await readPrinter(db, id)
  if (printer === null) throw new Refused(refuse('printer.missing'))
  return printer
}

/** What goes out never holds the password. */
const shown = (row: plugs.PlugRow | null): Plug | null => {
  if (row === null) return null
  const { printerId: _printerId, password: _password, ...plug } = row
  return plug
}

/** Sealed: the new one, or the one that is kept, or none. */
const passwordFor = async (
  db: Database,
  sealer: Sealer,
  printerId: number,
  { password }: PlugSettings,
): Promise<Buffer | null> => {
  if (password === undefined) return (await plugs.readPlug(db, printerId))?.password ?? null
  return password === null ? null : sealer.seal(plugs.sealContext(printerId), password)
}

/** Who sets it up wants to see whether it answers; that it does not is kept, not refused. */
const askNow = async (db: Database, sealer: Sealer, printerId: number): Promise<Plug | null> => {
  const plug = await plugs.readPlug(db, printerId)
  if (plug === null) return null
  try {
    const isOn = await askPlug(plugs.withPassword(plug, sealer))
    await plugs.savePlugState(db, printerId, { isOn, trouble: null })
  } catch (error) {
    if (!(error instanceof PlugTrouble || error instanceof plugs.NotOpened)) throw error
    await plugs.savePlugState(db, printerId, { isOn: null, trouble: error.message })
  }
  return shown(await plugs.readPlug(db, printerId))
}

const orTrouble = async (work: () => Promise<void>): Promise<void> => {
  try {
    await work()
  } catch (error) {
    if (error instanceof PlugTrouble || error instanceof plugs.NotOpened) {
      throw new Refused(refuse('plug.trouble', { reason: error.message }))
    }
    throw error
  }
}
