// The emergency stop goes two ways at once: straight to the bridge, and as a row. Neither waits for the other, and
// nothing on the straight one waits for the database.
import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type StopAnswer, type StopCall, stopPrinter } from '../contract/emergency-stop.ts'
import type { Me } from '../contract/members.ts'
import { may, reaches } from '../contract/permissions.ts'
import { Refusal, Refused, refuse } from '../contract/refusals.ts'
import { audited } from '../plugins/audit.ts'
import { DatabaseAway } from '../store/database.ts'
import { askCommand, type CommandEnd, readCommand, recordStop } from '../store/printer-commands.ts'
import type { StoppablePrinter } from '../store/stop-doors.ts'
import type { House } from './house.ts'

/** How long a browser is kept waiting before it is told that the stop has reached nobody. */
const ANSWER_MS = 5000
const LOST: CommandEnd = { state: 'timed-out', answer: 'Neither the bridge nor the database could be reached.' }

export const mountEmergencyStop = (app: FastifyInstance, house: House): void => {
  const { method, url, summary, params, reply } = stopPrinter
  app.route({
    method,
    url,
    config: { urgent: true },
    schema: { summary, params, response: { 200: reply, '4xx': Refusal, '5xx': Refusal } },
    handler: (request) => stop(house, request),
  })
}

const stop = async (house: House, request: FastifyRequest): Promise<StopAnswer> => {
  const { me } = request
  if (me === null) throw new Refused(refuse('session.none'))
  const { id: printerId } = request.params as { id: number }
  const printer = await wanted(house, printerId, me)
  const call: StopCall = { id: randomUUID(), printerId, askedBy: me.name }
  const straight = house.doors.stop(call)
  const byRow = write(house, request, { call, me, printer, straight })
  const answer = await firstOf([straight, byRow])
  if (answer === null) throw new Refused(refuse('stop.lost', { name: printer.name }))
  return answer
}

/** Throws Refused where this member may not stop this printer. */
const wanted = async ({ db, doors }: House, id: number, me: Me): Promise<StoppablePrinter> => {
  // One that was added a moment ago is not known yet.
  if (doors.printer(id) === null) await doors.look(db)
  const printer = doors.printer(id)
  if (printer === null || !reaches(me, 'look', printer)) throw new Refused(refuse('printer.missing'))
  if (!may(me, 'emergency-stop', printer)) throw new Refused(refuse('permission.missing'))
  return printer
}

interface Stop {
  readonly call: StopCall
  readonly me: Me
  readonly printer: StoppablePrinter
  readonly straight: Promise<StopAnswer | null>
}

/** The row that rings at the bridge too, and the line of the audit log; null where no answer comes of it. */
const write = async (house: House, request: FastifyRequest, stop: Stop): Promise<StopAnswer | null> => {
  const { call, me, printer, straight } = stop
  const askedAt = new Date().toISOString()
  const body = { kind: 'emergency-stop' } as const
  const asked = { printerId: call.printerId, bridge: printer.bridge, body, askedBy: me.id, askedByName: me.name }
  try {
    const id = await audited(house.db, stopPrinter, request, () => askCommand(house.db, { ...asked, wish: call.id }))
    return await answerOf(house, id)
  } catch (error) {
    if (!(error instanceof DatabaseAway)) request.log.error({ err: error }, 'the row of an emergency stop')
    const end = (await straight) ?? LOST
    house.unwritten.add(async () => {
      await audited(house.db, stopPrinter, request, () => recordStop(house.db, { call, askedBy: me.id, askedAt, end }))
    })
    return null
  }
}

const answerOf = async ({ db, answers }: House, commandId: number): Promise<StopAnswer | null> => {
  await answers.wait(commandId, ANSWER_MS)
  const command = await readCommand(db, commandId)
  if (command === null || command.state === 'asked' || command.state === 'taken') return null
  return { state: command.state, answer: command.answer }
}

/** What comes first; null where nothing does, or not in time. */
const firstOf = async (answers: readonly Promise<StopAnswer | null>[]): Promise<StopAnswer | null> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, ANSWER_MS, null)
  })
  const told = answers.map(async (answer) => (await answer) ?? Promise.reject(new Error('No answer.')))
  const first = await Promise.race([Promise.any(told).catch(() => null), late])
  clearTimeout(timer)
  return first
}
