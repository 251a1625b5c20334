// Every plugin and route, in order, on one screen.
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import websocket from '@fastify/websocket'
import fastify, { type FastifyInstance, LogController } from 'fastify'
import { mountErrors } from './plugins/errors.ts'
import { mountPages } from './plugins/pages.ts'
import { mountSession } from './plugins/session.ts'
import { mountAccount } from './routes/account.ts'
import { mountApprovals } from './routes/approvals.ts'
import { mountAudit } from './routes/audit.ts'
import { mountBookingRules } from './routes/booking-rules.ts'
import { mountBookingSeries } from './routes/booking-series.ts'
import { mountBookings } from './routes/bookings.ts'
import { mountCalendars } from './routes/calendars.ts'
import { mountCatalogue } from './routes/catalogue.ts'
import { mountCheckIn } from './routes/check-in.ts'
import { mountDesignGcode } from './routes/design-gcode.ts'
import { mountDesigns } from './routes/designs.ts'
import { mountDuring } from './routes/during.ts'
import { mountEmergencyStop } from './routes/emergency-stop.ts'
import { mountFiles } from './routes/files.ts'
import { mountHandovers } from './routes/handovers.ts'
import { mountHolidays } from './routes/holidays.ts'
import type { House } from './routes/house.ts'
import { mountJobs } from './routes/jobs.ts'
import { mountLineage } from './routes/lineage.ts'
import { type Live, mountLive } from './routes/live.ts'
import { mountMaintenance } from './routes/maintenance.ts'
import { mountMakes } from './routes/makes.ts'
import { mountMembers } from './routes/members.ts'
import { mountModels } from './routes/models.ts'
import { mountNotices } from './routes/notices.ts'
import { mountOidc } from './routes/oidc.ts'
import { mountPower } from './routes/power.ts'
import { mountPrinterCommands } from './routes/printer-commands.ts'
import { mountPrinterLogs } from './routes/printer-logs.ts'
import { mountPrinters } from './routes/printers.ts'
import { mountPrints } from './routes/prints.ts'
import { mountPulls } from './routes/pulls.ts'
import { mountQualifications } from './routes/qualifications.ts'
import { mountResets } from './routes/resets.ts'
import { mountScheduling } from './routes/scheduling.ts'
import { mountSite } from './routes/site.ts'
import { mountSlices } from './routes/slices.ts'
import { mountSlicing } from './routes/slicing.ts'
import { mountSpoolman } from './routes/spoolman.ts'
import { mountSpools } from './routes/spools.ts'
import { mountWaitingOffers } from './routes/waiting-offers.ts'
import { openSealer } from './store/secrets.ts'

const JSON_BODY_BYTES = 256 * 1024
const SLOWEST_HEADERS_MS = 30_000

/** Scripts and pictures only from here; Mantine sets its variables by inline style. */
const contentSecurityPolicy = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'self'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:', 'blob:'],
    connectSrc: ["'self'", 'ws:', 'wss:'],
    workerSrc: ["'self'", 'blob:'],
    frameAncestors: ["'none'"],
    baseUri: ["'self'"],
    formAction: ["'self'"],
    objectSrc: ["'none'"],
  },
}

export interface AppParts {
  readonly house: House
  readonly live: Live
  readonly pagesFolder: string
  readonly version: string
}

export const buildApp = async ({ house, live, pagesFolder, version }: AppParts): Promise<FastifyInstance> => {
  const { config } = house
  const app = fastify({
    logger: { level: config.logLevel },
    trustProxy: config.trustProxy,
    bodyLimit: JSON_BODY_BYTES,
    // An upload over a slow line may take hours; what must come quickly are its headers.
    requestTimeout: 0,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: true,
    ajv: { customOptions: { removeAdditional: false, coerceTypes: 'array', allowUnionTypes: true } },
  })
  app.server.headersTimeout = SLOWEST_HEADERS_MS
  mountErrors(app)
  await app.register(helmet, {
    contentSecurityPolicy,
    strictTransportSecurity: false,
    crossOriginEmbedderPolicy: false,
  })
  await app.register(rateLimit, { global: false })
  await mountSession(app, house.db, house.callers)
  await app.register(websocket, { options: { maxPayload: 4096 } })

  mountSite(app, house, version)
  const sealer = openSealer(config.keyFile)
  mountMembers(app, house, sealer)
  mountAccount(app, house, sealer)
  mountResets(app, house)
  mountOidc(app, house, sealer)
  mountAudit(app, house)
  await mountFiles(app, house)
  mountModels(app, house)
  mountJobs(app, house)
  mountApprovals(app, house)
  mountSpools(app, house)
  mountSpoolman(app, house)
  mountMaintenance(app, house)
  mountPrinters(app, house)
  mountPrinterCommands(app, house)
  mountEmergencyStop(app, house)
  mountPrinterLogs(app, house)
  mountPrints(app, house)
  mountPower(app, house, sealer)
  mountScheduling(app, house)
  mountDuring(app, house)
  mountCheckIn(app, house)
  mountWaitingOffers(app, house)
  mountNotices(app, house)
  mountCalendars(app, house)
  await mountHolidays(app, house)
  mountBookings(app, house)
  mountBookingRules(app, house)
  mountBookingSeries(app, house)
  mountHandovers(app, house)
  mountQualifications(app, house)
  mountDesigns(app, house)
  mountDesignGcode(app, house)
  await mountPulls(app, house)
  mountLineage(app, house)
  await mountMakes(app, house)
  mountCatalogue(app, house)
  mountSlicing(app, house)
  mountSlices(app, house)
  mountLive(app, live)
  await mountPages(app, pagesFolder)
  return app
}
