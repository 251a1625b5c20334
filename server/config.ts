// The environment -> Config. The only reader of process.env.
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { homedir, hostname, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { isBridgeName } from './contract/work.ts'

export interface Config {
  /** Where this workshop keeps what is its own. */
  readonly dataFolder: string
  /** For sockets: emptied when the machine restarts. */
  readonly runtimeFolder: string
  /** An external PostgreSQL; null: the embedded one below the data folder. */
  readonly databaseUrl: string | null
  /** A Redis for the orders; null: they lie in PostgreSQL. */
  readonly redisUrl: string | null
  readonly host: string
  readonly port: number
  /** The name of this machine's bridge. */
  readonly bridge: string
  /** Devices and folders of devices that are ports besides those the system knows. */
  readonly extraPorts: readonly string[]
  readonly maxUploadBytes: number
  /** An upload must leave this much of the disk free. */
  readonly diskReserveBytes: number
  /** Set where a proxy in front speaks HTTPS and says so in X-Forwarded-Proto. */
  readonly trustProxy: boolean
  readonly logLevel: string
}

/** A setting that makes no sense, with its name, so that the person can mend it. */
export class WrongSetting extends Error {
  constructor(name: string, value: string, wanted: string) {
    super(`${name}=${value} cannot be used: ${wanted}`)
    this.name = 'WrongSetting'
  }
}

type Environment = Readonly<Record<string, string | undefined>>

/** Throws WrongSetting. */
export const readConfig = (environment: Environment = process.env): Config => {
  const text = (name: string): string | null => {
    const value = environment[name]?.trim()
    return value === undefined || value === '' ? null : value
  }
  const number = (name: string, otherwise: number, least: number, most: number): number => {
    const value = text(name)
    if (value === null) return otherwise
    const parsed = Number(value)
    if (Number.isFinite(parsed) && parsed >= least && parsed <= most) return parsed
    throw new WrongSetting(name, value, `write a number from ${least} to ${most}`)
  }
  const address = (name: string, pattern: RegExp, wanted: string): string | null => {
    const value = text(name)
    // The value itself may hold a password and is not repeated.
    if (value !== null && !pattern.test(value)) throw new WrongSetting(name, '...', wanted)
    return value
  }
  const bridge = text('AUZOLAN_BRIDGE') ?? bridgeNameFrom(hostname())
  if (!isBridgeName(bridge)) throw new WrongSetting('AUZOLAN_BRIDGE', bridge, 'use letters, digits, dot, dash')
  return {
    dataFolder: resolve(text('AUZOLAN_DATA') ?? defaultDataFolder(environment)),
    runtimeFolder: runtimeFolder(environment),
    databaseUrl: address('DATABASE_URL', /^postgres(ql)?:\/\//, 'it must begin with postgres://'),
    redisUrl: address('REDIS_URL', /^rediss?:\/\//, 'it must begin with redis://'),
    host: text('AUZOLAN_HOST') ?? '::',
    port: number('AUZOLAN_PORT', 4280, 0, 65535),
    bridge,
    extraPorts: (text('AUZOLAN_PORTS') ?? '').split(':').filter((path) => path !== ''),
    maxUploadBytes: number('AUZOLAN_MAX_UPLOAD_MB', 1024, 1, 100_000) * 1_000_000,
    diskReserveBytes: number('AUZOLAN_DISK_RESERVE_MB', 500, 0, 10_000_000) * 1_000_000,
    trustProxy: text('AUZOLAN_TRUST_PROXY') === '1',
    logLevel: text('AUZOLAN_LOG') ?? 'info',
  }
}

const defaultDataFolder = (environment: Environment): string => {
  if (process.getuid?.() === 0) return '/var/lib/auzolan'
  return join(environment['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'auzolan')
}

const runtimeFolder = (environment: Environment): string => {
  const folder = process.getuid?.() === 0 ? '/run' : environment['XDG_RUNTIME_DIR']
  return folder !== undefined && existsSync(folder) ? folder : tmpdir()
}

const bridgeNameFrom = (host: string): string =>
  host.replace(/[^A-Za-z0-9._-]/g, '-').replace(/^[^A-Za-z0-9]+/, '') || 'bridge'

/** Short, the same for the same data folder: for socket paths, which may hold no more than 107 bytes. */
export const folderMark = (folder: string): string => createHash('sha256').update(folder).digest('hex').slice(0, 12)
