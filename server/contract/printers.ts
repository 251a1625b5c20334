// Printers: as they are set up, as they stand now, and what can be asked of them.
import * as Type from 'typebox'
import { endpoint } from './endpoint.ts'
import { PlateObject, PrinterControls } from './printer-controls.ts'
import { Id, IdParams, Instant, Name, Nothing, nullable, oneOf, Tag } from './values.ts'

/** What the bridge knows of a printer. */
export const sessionStates = [
  'offline',
  'connecting',
  'idle',
  'printing',
  'pausing',
  'paused',
  'resuming',
  'cancelling',
  /** The link is lost in mid print; whether the firmware has forgotten where it was is not known yet. */
  'reconnecting',
  'halted',
  /** Somebody prints from its card or with its knob. */
  'manual',
] as const
export type SessionState = (typeof sessionStates)[number]

/** `unknown` counts as occupied: a person must look. */
export const bedStates = ['clear', 'occupied', 'unknown'] as const
export type BedState = (typeof bedStates)[number]

export const printerStates = [...sessionStates, 'awaiting-clear'] as const
export type PrinterState = (typeof printerStates)[number]

/** What people are shown: an idle printer whose bed is not clear waits for a person. */
export const shownState = (state: SessionState, bed: BedState): PrinterState =>
  state === 'idle' && bed !== 'clear' ? 'awaiting-clear' : state

/** Lengths in mm, temperatures in °C. */
/** What firmware a printer speaks. The bridge finds it out; who knows better may say so. */
export const firmwareDialects = [
  'marlin-1',
  'marlin-2',
  'prusa',
  'prusa-buddy',
  'reprapfirmware',
  'repetier',
  'smoothieware',
  'klipper',
] as const
export type FirmwareDialect = (typeof firmwareDialects)[number]

/** A rectangle on the bed that the nozzle keeps out of, at all heights. */
export const BedZone = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 60, pattern: '\\S' }),
  minX: Type.Number({ minimum: -5000, maximum: 5000 }),
  minY: Type.Number({ minimum: -5000, maximum: 5000 }),
  maxX: Type.Number({ minimum: -5000, maximum: 5000 }),
  maxY: Type.Number({ minimum: -5000, maximum: 5000 }),
})
export type BedZone = Type.Static<typeof BedZone>

export const PrinterProfile = Type.Object({
  shape: oneOf('rectangular', 'round'),
  width: Type.Number({ minimum: 10, maximum: 5000 }),
  depth: Type.Number({ minimum: 10, maximum: 5000 }),
  height: Type.Number({ minimum: 10, maximum: 5000 }),
  /** Of the front left corner, or of the centre of a round bed. */
  originX: Type.Number({ minimum: -5000, maximum: 5000 }),
  originY: Type.Number({ minimum: -5000, maximum: 5000 }),
  nozzleDiameter: Type.Number({ minimum: 0.05, maximum: 3 }),
  maxNozzleTemperature: Type.Number({ minimum: 0, maximum: 600 }),
  maxBedTemperature: Type.Number({ minimum: 0, maximum: 250 }),
  /** A place beside any part where Z can be homed; left out where there is none. */
  homeZAt: Type.Optional(Type.Object({ x: Type.Number(), y: Type.Number() })),
  /** Left out: none. */
  zones: Type.Optional(Type.Array(BedZone, { maxItems: 20 })),
  /** Left out: found out. */
  dialect: Type.Optional(oneOf(...firmwareDialects)),
  /** Lines on the wire at once, at most; left out: as many as the firmware says it takes. */
  mostInFlight: Type.Optional(Type.Integer({ minimum: 1, maximum: 32 })),
})
export type PrinterProfile = Type.Static<typeof PrinterProfile>

/** 0: the bridge tries the usual rates. */
export const BaudRate = Type.Integer({ minimum: 0, maximum: 4_000_000 })

export const TemperatureShape = Type.Object({ actual: Type.Number(), target: Type.Optional(Type.Number()) })

export const Progress = Type.Object({
  printId: Id,
  acceptedBytes: Type.Integer(),
  totalBytes: Type.Integer(),
  /** Motion done and in all, in seconds, as the analysis counts it. */
  doneSeconds: Type.Number(),
  totalSeconds: Type.Number(),
  /** Seconds of printing so far; pauses are not in it. */
  printedSeconds: Type.Number(),
  /** What is left by the pace of this print so far; null where no time is known. */
  remainingSeconds: nullable(Type.Number()),
  /** True while the file is still on its way to the bridge. */
  fetching: Type.Boolean(),
})
export type Progress = Type.Static<typeof Progress>

/** How good the link to a printer is, since it was connected. Latencies in milliseconds. */
export const LinkReport = Type.Object({
  linesSent: Type.Integer(),
  linesPerSecond: Type.Number(),
  resends: Type.Integer(),
  okLatency: Type.Number(),
  okLatencyP99: Type.Number(),
  /** Times that the printer had used up all moves while lines were ready; null where it does not tell. */
  underruns: nullable(Type.Integer()),
  /** Lines that may be in flight now. */
  depth: Type.Integer(),
  /** It stays at one line in flight because so much had to be sent again. */
  steppedDown: Type.Boolean(),
})
export type LinkReport = Type.Static<typeof LinkReport>

/** Lines before which nothing is said of a cable, and the share sent again from which on it is a bad one. */
const ENOUGH_LINES = 200
const POOR = { fair: 0.002, bad: 0.01 }

/** What a person should know of a link: `unknown` until enough lines have gone over it. */
export const linkVerdict = ({ linesSent, resends }: LinkReport): 'unknown' | 'good' | 'fair' | 'bad' => {
  if (linesSent < ENOUGH_LINES) return 'unknown'
  const share = resends / linesSent
  return share >= POOR.bad ? 'bad' : share >= POOR.fair ? 'fair' : 'good'
}

/** What a bridge tells of one printer each second. */
export const Telemetry = Type.Object({
  printerId: Id,
  state: oneOf(...sessionStates),
  /** Why it is offline, halted or paused, for people. */
  reason: nullable(Type.String()),
  firmware: nullable(Type.String()),
  /** Which dialect is spoken with it. */
  dialect: Type.Optional(Type.String()),
  temperatures: Type.Record(Type.String(), TemperatureShape),
  position: nullable(Type.Object({ x: Type.Number(), y: Type.Number(), z: Type.Number() })),
  progress: nullable(Progress),
  linesSent: Type.Integer(),
  resends: Type.Integer(),
  /** Milliseconds, a running mean. */
  okLatency: Type.Number(),
  controls: Type.Optional(PrinterControls),
  link: Type.Optional(LinkReport),
  at: Instant,
})
export type Telemetry = Type.Static<typeof Telemetry>

export const RunningPrint = Type.Object({
  id: Id,
  jobId: Id,
  fileId: Id,
  fileName: Type.String(),
  hasThumbnail: Type.Boolean(),
  memberId: nullable(Id),
  memberName: nullable(Type.String()),
  startedAt: nullable(Instant),
  /** What lies on its plate, where the file labels it. */
  objects: Type.Array(PlateObject),
})

export const Printer = Type.Object({
  id: Id,
  name: Type.String(),
  bridge: Type.String(),
  /** False when the bridge has not been heard for some seconds. */
  bridgeAlive: Type.Boolean(),
  address: Type.String(),
  baudRate: BaudRate,
  profile: PrinterProfile,
  bed: oneOf(...bedStates),
  bedChangedAt: Instant,
  /** Who said so last; null: the printer itself, by printing. */
  bedSignedBy: nullable(Type.String()),
  takesJobs: Type.Boolean(),
  /** Words by which jobs can ask for it and its like. */
  tags: Type.Array(Type.String()),
  /** Why nothing starts on it at present; null: it is in service. */
  outOfService: nullable(Type.String()),
  telemetry: nullable(Telemetry),
  print: nullable(RunningPrint),
})
export type Printer = Type.Static<typeof Printer>

/** A serial port of a bridge, or one that was. */
export const FoundPort = Type.Object({
  bridge: Type.String(),
  identity: Type.String(),
  path: Type.String(),
  label: Type.String(),
  serialNumber: nullable(Type.String()),
  /** The printer that uses it. */
  printerName: nullable(Type.String()),
})
export type FoundPort = Type.Static<typeof FoundPort>

export const Bridge = Type.Object({
  name: Type.String(),
  host: Type.String(),
  alive: Type.Boolean(),
  ports: Type.Array(FoundPort),
})
export type Bridge = Type.Static<typeof Bridge>

/** A device below /dev, an identity that the bridge found, or a network address. */
export const isPortAddress = (address: string): boolean =>
  /^tcp:\/\/(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+):\d{1,5}$/.test(address) ||
  /^usb:[0-9a-f]{4}:[0-9a-f]{4}:[^/\p{Cc}]{1,100}$/u.test(address) ||
  (/^\/[^\p{Cc}]{1,300}$/u.test(address) && !/(^|\/)\.\.?(\/|$)/.test(address))

const PrinterSettings = Type.Object({
  name: Name,
  bridge: Type.String({ minLength: 1, maxLength: 100 }),
  address: Type.String({ minLength: 1, maxLength: 300 }),
  baudRate: BaudRate,
  profile: PrinterProfile,
  tags: Type.Optional(Type.Array(Tag, { maxItems: 20, uniqueItems: true })),
})

export const listPrinters = endpoint({
  method: 'GET',
  url: '/api/printers',
  summary: 'All printers as they stand',
  access: 'look',
  reply: Type.Array(Printer),
})

export const showPrinter = endpoint({
  method: 'GET',
  url: '/api/printers/:id',
  summary: 'One printer as it stands',
  access: 'look',
  params: IdParams,
  reply: Printer,
})

export const addPrinter = endpoint({
  method: 'POST',
  url: '/api/printers',
  summary: 'Adds a printer at a port of a bridge',
  access: 'set-up-printers',
  body: PrinterSettings,
  reply: Printer,
})

export const changePrinter = endpoint({
  method: 'PATCH',
  url: '/api/printers/:id',
  summary: 'Changes how a printer is set up',
  access: 'set-up-printers',
  params: IdParams,
  body: Type.Partial(Type.Object({ ...PrinterSettings.properties, takesJobs: Type.Boolean() })),
  reply: Printer,
})

export const removePrinter = endpoint({
  method: 'DELETE',
  url: '/api/printers/:id',
  summary: 'Takes a printer out of the fleet; its past prints stay on record',
  access: 'set-up-printers',
  params: IdParams,
  reply: Nothing,
})

export const clearBed = endpoint({
  method: 'POST',
  url: '/api/printers/:id/clear-bed',
  summary: 'A person says: the part is off, the bed is clear',
  access: 'mind-own-prints',
  params: IdParams,
  reply: Printer,
})

export const listBridges = endpoint({
  method: 'GET',
  url: '/api/bridges',
  summary: 'The bridges and the ports they see',
  access: 'set-up-printers',
  reply: Type.Array(Bridge),
})

export const TemperatureHistory = Type.Object({
  /** Seconds since 1970, one for each reading. */
  at: Type.Array(Type.Number()),
  /** By heater, as long as `at`; null where it was not reported. */
  actual: Type.Record(Type.String(), Type.Array(nullable(Type.Number()))),
  target: Type.Record(Type.String(), Type.Array(nullable(Type.Number()))),
})
export type TemperatureHistory = Type.Static<typeof TemperatureHistory>

export const showTemperatures = endpoint({
  method: 'GET',
  url: '/api/printers/:id/temperatures',
  summary: 'Temperatures of the last half hour',
  access: 'look',
  params: IdParams,
  reply: TemperatureHistory,
})
