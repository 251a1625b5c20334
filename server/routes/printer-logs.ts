// The last lines of a printer's wire, to be downloaded.
import type { FastifyInstance } from 'fastify'
import { printerLog } from '../contract/printer-logs.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import { mount } from '../plugins/mount.ts'
import type { Database } from '../store/database.ts'
import { publish } from '../store/notify.ts'
import { newestFailure, newestLog, type PrinterLog } from '../store/printer-logs.ts'
import { readPrinter } from '../store/printers.ts'
import type { House } from './house.ts'

const PATIENCE_MS = 3000
const LOOK_MS = 50

export const mountPrinterLogs = (app: FastifyInstance, { db }: House): void => {
  mount(app, printerLog, async ({ params, reply }) => {
    const printer = await readPrinter(db, params.id)
    if (printer === null) throw new Refused(refuse('printer.missing'))
    const now = printer.bridgeAlive ? await freshLog(db, printer.id) : null
    const failure = await newestFailure(db, printer.id)
    const log = now ?? (await newestLog(db, printer.id))
    if (log === null) throw new Refused(refuse('printer.no-log', { name: printer.name }))
    const name = encodeURIComponent(`${printer.name} ${log.at.slice(0, 19).replaceAll(':', '-')}.log`)
    reply.type('text/plain; charset=utf-8').header('content-disposition', `attachment; filename*=UTF-8''${name}`)
    return reply.send(textOf(printer.name, log, failure))
  })
}

/** Asks the bridge; null where it does not answer in time. */
const freshLog = async (db: Database, printerId: number): Promise<PrinterLog | null> => {
  const before = (await newestLog(db, printerId))?.id ?? 0
  await publish(db, 'log', { printerId })
  const end = performance.now() + PATIENCE_MS
  while (performance.now() < end) {
    const log = await newestLog(db, printerId, before)
    if (log !== null) return log
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
  return null
}

const textOf = (name: string, log: PrinterLog, failure: PrinterLog | null): string => {
  const parts = [
    `${name}, the last lines of its wire at ${log.at} (> to the printer, < from it, # noted)\n\n${log.lines}`,
  ]
  if (failure !== null && failure.id !== log.id) {
    parts.push(`\nThe session failed at ${failure.at}:\n${failure.failure}\n\nIts last lines:\n\n${failure.lines}`)
  } else if (log.failure !== null) parts.push(`\nThe session failed:\n${log.failure}\n`)
  return parts.join('\n')
}
