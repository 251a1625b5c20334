// A workshop with one bridge that is played by the test: it says what its printers do, and claims prints.
import { randomUUID } from 'node:crypto'
import sql from 'sql-template-tag'
import { addPrinter, clearBed, type PrinterProfile, type SessionState } from '../../server/contract/printers.ts'
import { trustPrinter } from '../../server/contract/scheduling.ts'
import { becomeBridge, touchBridge } from '../../server/store/bridges.ts'
import { saveSnapshots } from '../../server/store/printers.ts'
import type { EndedPrint } from '../../server/store/prints.ts'
import { claimPrint, endPrint } from '../../server/store/prints.ts'
import { analyseFile } from '../../server/work/analyse-file.ts'
import { AnalysisThread } from '../../server/work/analysis-thread.ts'
import { dispatch } from '../../server/work/dispatch.ts'
import { followPrints } from '../../server/work/follow-prints.ts'
import { openWorkshop, type Person } from './workshop.ts'

export const usualProfile: PrinterProfile = {
  shape: 'rectangular',
  width: 220,
  depth: 220,
  height: 250,
  originX: 0,
  originY: 0,
  nozzleDiameter: 0.4,
  maxNozzleTemperature: 280,
  maxBedTemperature: 110,
}

/** So much filament, in mm, evenly over fifty moves. */
export const gcodeTaking = (name: string, millimetres: number, head = ''): string => {
  const moves = Array.from({ length: 50 }, (_, n) => `G1 X${n % 2 === 0 ? 110 : 10} Y${10 + n} E${millimetres / 50}`)
  return `${head}; ${name}\nG28\nG90\nM83\nG1 X10 Y10 Z0.2 F3000\n${moves.join('\n')}\n`
}

export const openRig = async () => {
  const workshop = await openWorkshop()
  const { db, house, steward } = workshop
  const instance = randomUUID()
  const thread = new AnalysisThread()
  let ports = 0
  await becomeBridge(db, { name: 'room', instance, host: 'here', instead: null })
  const tell = async (printerId: number, state: SessionState): Promise<void> => {
    await touchBridge(db, 'room', instance)
    await saveSnapshots(db, [
      {
        printerId,
        state,
        reason: null,
        firmware: null,
        temperatures: {},
        position: null,
        progress: null,
        linesSent: 0,
        resends: 0,
        okLatency: 0,
        at: new Date().toISOString(),
      },
    ])
  }
  const add = async (name: string, ready = true): Promise<number> => {
    const address = `/dev/ttyUSB${ports++}`
    const body = { name, bridge: 'room', address, baudRate: 0, profile: usualProfile }
    const { id } = await steward.call(addPrinter, { body })
    if (ready) await makeReady(id)
    return id
  }
  const makeReady = async (id: number): Promise<void> => {
    await tell(id, 'idle')
    await steward.call(clearBed, { params: { id } }).catch(() => {})
    await steward.call(trustPrinter, { params: { id } })
  }
  const upload = async (who: Person, name: string, text = `; ${name}\nG28\nG1 X10 Y10 Z0.2 F3000\nG1 X20 E1\n`) => {
    const file = await who.upload(`${name}.gcode`, text)
    await analyseFile(db, thread, file.id)
    return { id: file.id, sizeBytes: file.sizeBytes }
  }
  const schedule = async (): Promise<void> => {
    // However slow this machine is, the bridge has just been heard.
    await touchBridge(db, 'room', instance)
    await followPrints(db)
    await dispatch(db, house.orders)
  }
  /** Until nothing more can start: one pass gives a job one printer at the most. */
  const startAll = async (): Promise<{ id: number; printerId: number; jobId: number }[]> => {
    for (let before = -1, now = 0; now !== before; ) {
      before = now
      await schedule()
      now = (await running()).length
    }
    for (const { id } of await running()) await claimPrint(db, id, instance)
    return running()
  }
  const running = (): Promise<{ id: number; printerId: number; jobId: number }[]> =>
    db.rows(sql`
      SELECT id, printer_id AS "printerId", job_id AS "jobId" FROM print WHERE ended_at IS NULL ORDER BY id`)
  const end = async (id: number, state: EndedPrint['state'], acceptedBytes = 10): Promise<void> => {
    await endPrint(db, { id, state, reason: state === 'completed' ? null : `It ${state}.`, acceptedBytes })
    await followPrints(db)
  }
  return { ...workshop, instance, add, tell, makeReady, upload, schedule, startAll, running, end }
}
