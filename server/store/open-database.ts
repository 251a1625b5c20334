// Which PostgreSQL: the one that DATABASE_URL names, or the embedded one below the data folder.
import type pg from 'pg'
import type { Config } from '../config.ts'
import { type DatabasePool, openPool, untilAnswers } from './database.ts'
import { type Cluster, socketFolderOf, startCluster } from './postgres/cluster.ts'

export interface OpenDatabase {
  readonly db: DatabasePool
  /** Lets go of it; the embedded one is stopped. */
  close(): Promise<void>
}

/** How to reach the database of this configuration, whoever runs it. */
export const connectionOf = (config: Config): pg.ClientConfig =>
  config.databaseUrl === null
    ? { host: socketFolderOf(config), user: 'postgres', database: 'postgres' }
    : { connectionString: config.databaseUrl }

/** For the server: starts the embedded database where there is no other, and waits until it answers. */
export const openDatabase = async (config: Config, say: (text: string) => void): Promise<OpenDatabase> => {
  const cluster: Cluster | null = config.databaseUrl === null ? await startCluster({ config, say }) : null
  const db = openPool(connectionOf(config), 20)
  await untilAnswers(db, (reason) => say(`${reason} Trying until it does.`))
  return {
    db,
    close: async () => {
      await db.close()
      await cluster?.stop()
    },
  }
}
