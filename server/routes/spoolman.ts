// The link to a Spoolman server.
import type { FastifyInstance } from 'fastify'
import { Refused, refuse } from '../contract/refusals.ts'
import { linkSpoolman, type SpoolmanLink, showSpoolman, unlinkSpoolman } from '../contract/spoolman.ts'
import { mount } from '../plugins/mount.ts'
import { baseOf } from '../spoolman/allowed-address.ts'
import { SpoolmanAway, SpoolmanClient, SpoolmanRefused } from '../spoolman/spoolman-client.ts'
import { publish } from '../store/notify.ts'
import * as store from '../store/spoolman.ts'
import type { House } from './house.ts'

export const mountSpoolman = (app: FastifyInstance, { db }: House): void => {
  mount(app, showSpoolman, () => store.readLink(db))

  mount(app, linkSpoolman, async ({ body }) => {
    const address = baseOf(body.address.trim())
    if (address === null) throw new Refused(refuse('spoolman.address'))
    const { anywhere = false } = body
    const version = await versionOf({ address, anywhere })
    await store.saveLink(db, { address, anywhere, version })
    // Whoever keeps both the same begins at once.
    await publish(db, 'change', { of: 'spool', id: 0 })
    return (await store.readLink(db)) as SpoolmanLink
  })

  mount(app, unlinkSpoolman, async () => {
    await store.removeLink(db)
    return {}
  })
}

const versionOf = async (server: { address: string; anywhere: boolean }): Promise<string> => {
  try {
    return await new SpoolmanClient(server).version()
  } catch (error) {
    if (error instanceof SpoolmanAway || error instanceof SpoolmanRefused) {
      throw new Refused(refuse('spoolman.away', { reason: error.message }))
    }
    throw error
  }
}
