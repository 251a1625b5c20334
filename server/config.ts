// The environment -> Config. The only reader of process.env.
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { homedir, hostname, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Role, roles } from './contract/permissions.ts'
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
  /** Where that bridge takes emergency stops from a server on another machine; null: nowhere. */
  readonly stopAddress: { readonly host: string; readonly port: number } | null
  /** Devices and folders of devices that are ports besides those the system knows. */
  readonly extraPorts: readonly string[]
  readonly maxUploadBytes: number
  /** An upload must leave this much of the disk free. */
  readonly diskReserveBytes: number
  /** Set where a proxy in front speaks HTTPS and says so in X-Forwarded-Proto. */
  readonly trustProxy: boolean
  readonly logLevel: string
  /** The key that seals secrets in the database. */
  readonly keyFile: string
  /** How browsers reach the workshop, without a slash at the end: for links in e-mails and for the other sign-in. */
  readonly publicUrl: string | null
  /** Null: no e-mail is sent. */
  readonly mail: MailSettings | null
  /** Sign-in at another house; null: none. */
  readonly oidc: OidcSettings | null
  readonly designs: DesignSettings
}

/** For pulling designs from elsewhere. */
export interface DesignSettings {
  /** Of one design, unpacked. */
  readonly maxBytes: number
  /** `host` or `host:port` in a private network that may be asked all the same. */
  readonly allowedHosts: readonly string[]
  /** By host: a token that raises a forge's limits. */
  readonly tokens: ReadonlyMap<string, string>
  /** By host: the workshop's application at a Manyfold server. */
  readonly manyfold: ReadonlyMap<string, { readonly clientId: string; readonly clientSecret: string }>
}

export interface MailSettings {
  /** smtp:// or smtps://, with name and password. */
  readonly server: string
  readonly from: string
}

export interface OidcSettings {
  readonly issuer: string
  readonly clientId: string
  /** Null: a public client. */
  readonly clientSecret: string | null
  /** What stands on the button. */
  readonly name: string
  readonly scopes: string
  /** The claim that names the groups; a dot leads into it (`realm_access.roles`). */
  readonly groupsClaim: string
  /** Which role a group gives; the highest counts. */
  readonly roles: ReadonlyMap<string, Role>
  /** For who is in none of these groups; null: they do not come in. */
  readonly otherwise: Role | null
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
  const publicUrl = readPublicUrl(text('AUZOLAN_PUBLIC_URL'))
  const needsUrl = (name: string): void => {
    if (publicUrl === null)
      throw new WrongSetting(name, '...', 'AUZOLAN_PUBLIC_URL must say where browsers find the workshop')
  }
  const dataFolder = resolve(text('AUZOLAN_DATA') ?? defaultDataFolder(environment))
  const bridge = text('AUZOLAN_BRIDGE') ?? bridgeNameFrom(hostname())
  if (!isBridgeName(bridge)) throw new WrongSetting('AUZOLAN_BRIDGE', bridge, 'use letters, digits, dot, dash')
  return {
    dataFolder,
    runtimeFolder: runtimeFolder(environment),
    databaseUrl: address('DATABASE_URL', /^postgres(ql)?:\/\//, 'it must begin with postgres://'),
    redisUrl: address('REDIS_URL', /^rediss?:\/\//, 'it must begin with redis://'),
    host: text('AUZOLAN_HOST') ?? '::',
    port: number('AUZOLAN_PORT', 4280, 0, 65535),
    bridge,
    stopAddress: readStopAddress(text('AUZOLAN_STOP_ADDRESS')),
    extraPorts: (text('AUZOLAN_PORTS') ?? '').split(':').filter((path) => path !== ''),
    maxUploadBytes: number('AUZOLAN_MAX_UPLOAD_MB', 1024, 1, 100_000) * 1_000_000,
    diskReserveBytes: number('AUZOLAN_DISK_RESERVE_MB', 500, 0, 10_000_000) * 1_000_000,
    trustProxy: text('AUZOLAN_TRUST_PROXY') === '1',
    logLevel: text('AUZOLAN_LOG') ?? 'info',
    keyFile: resolve(text('AUZOLAN_KEY_FILE') ?? join(dataFolder, 'secret.key')),
    publicUrl,
    mail: readMail(text, needsUrl),
    oidc: readOidc(text, needsUrl),
    designs: {
      maxBytes: number('AUZOLAN_MAX_DESIGN_MB', 2000, 1, 1_000_000) * 1_000_000,
      allowedHosts: (text('AUZOLAN_DESIGN_HOSTS') ?? '').split(',').flatMap((host) => host.trim() || []),
      tokens: readByHost(text, 'AUZOLAN_DESIGN_TOKENS', 'write host=token, with commas between'),
      manyfold: readManyfold(text),
    },
  }
}

/** `host:port`; an IPv6 address stands in brackets. */
const readStopAddress = (value: string | null): Config['stopAddress'] => {
  if (value === null) return null
  const [, six, four, port = ''] = /^(?:\[([0-9a-fA-F:.]+)\]|([\w.-]+)):(\d{1,5})$/.exec(value) ?? []
  const host = six ?? four
  if (host !== undefined && Number(port) > 0 && Number(port) < 65_536) return { host, port: Number(port) }
  throw new WrongSetting('AUZOLAN_STOP_ADDRESS', value, 'write host:port, as the server reaches this computer')
}

type Text = (name: string) => string | null

const readPublicUrl = (value: string | null): string | null => {
  if (value === null) return null
  if (!/^https?:\/\/[^/?#@\s]+\/?$/.test(value)) {
    throw new WrongSetting('AUZOLAN_PUBLIC_URL', value, 'write it as https://print.example.org, without a path')
  }
  return value.replace(/\/$/, '')
}

const readMail = (text: Text, needsUrl: (name: string) => void): MailSettings | null => {
  const server = text('AUZOLAN_SMTP_URL')
  if (server === null) return null
  // The value itself holds a password and is not repeated.
  if (!/^smtps?:\/\//.test(server))
    throw new WrongSetting('AUZOLAN_SMTP_URL', '...', 'it must begin with smtp:// or smtps://')
  const from = text('AUZOLAN_SMTP_FROM')
  if (from === null) throw new WrongSetting('AUZOLAN_SMTP_FROM', '', 'write the address from which e-mails come')
  needsUrl('AUZOLAN_SMTP_URL')
  return { server, from }
}

const readOidc = (text: Text, needsUrl: (name: string) => void): OidcSettings | null => {
  const issuer = text('AUZOLAN_OIDC_ISSUER')
  if (issuer === null) return null
  if (!/^https:\/\/|^http:\/\/(localhost|127\.0\.0\.1|\[::1\])([:/]|$)/.test(issuer)) {
    throw new WrongSetting('AUZOLAN_OIDC_ISSUER', issuer, 'it must begin with https://; http:// only on this computer')
  }
  const clientId = text('AUZOLAN_OIDC_CLIENT_ID')
  if (clientId === null)
    throw new WrongSetting('AUZOLAN_OIDC_CLIENT_ID', '', 'write the name under which the workshop is known there')
  needsUrl('AUZOLAN_OIDC_ISSUER')
  const otherwise = text('AUZOLAN_OIDC_OTHERWISE')
  return {
    issuer,
    clientId,
    clientSecret: text('AUZOLAN_OIDC_CLIENT_SECRET'),
    name: text('AUZOLAN_OIDC_NAME') ?? new URL(issuer).hostname,
    scopes: text('AUZOLAN_OIDC_SCOPES') ?? 'openid profile email',
    groupsClaim: text('AUZOLAN_OIDC_GROUPS_CLAIM') ?? 'groups',
    roles: readGroups(text('AUZOLAN_OIDC_ROLES') ?? ''),
    otherwise: otherwise === null ? null : readRole('AUZOLAN_OIDC_OTHERWISE', otherwise),
  }
}

/** `host=value,host=value`; the values may be secrets and are not repeated. */
const readByHost = (text: Text, name: string, wanted: string): Map<string, string> =>
  new Map(
    (text(name) ?? '')
      .split(',')
      .filter((part) => part.trim() !== '')
      .map((part) => {
        const [, host, value] = /^([\w.-]+(?::\d+)?)=([\x21-\x7e]+)$/.exec(part.trim()) ?? []
        if (host === undefined || value === undefined) throw new WrongSetting(name, '...', wanted)
        return [host.toLowerCase(), value]
      }),
  )

const readManyfold = (text: Text): DesignSettings['manyfold'] => {
  const name = 'AUZOLAN_MANYFOLD'
  const wanted = 'write host=id:secret, with commas between'
  return new Map(
    [...readByHost(text, name, wanted)].map(([host, value]) => {
      const at = value.indexOf(':')
      if (at < 1 || at === value.length - 1) throw new WrongSetting(name, '...', wanted)
      return [host, { clientId: value.slice(0, at), clientSecret: value.slice(at + 1) }]
    }),
  )
}

/** `makers=member,team=operator` */
const readGroups = (value: string): Map<string, Role> =>
  new Map(
    value
      .split(',')
      .filter((part) => part.trim() !== '')
      .map((part) => {
        const at = part.lastIndexOf('=')
        if (at < 1) throw new WrongSetting('AUZOLAN_OIDC_ROLES', value, 'write group=role, with commas between')
        return [part.slice(0, at).trim(), readRole('AUZOLAN_OIDC_ROLES', part.slice(at + 1).trim())]
      }),
  )

const readRole = (name: string, value: string): Role => {
  const role = roles.find((one) => one === value)
  if (role === undefined) throw new WrongSetting(name, value, `the roles are ${roles.join(', ')}`)
  return role
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
