// Sign-in at another house: OpenID Connect, authorization code with PKCE.
import type { Configuration } from 'openid-client'
import * as Type from 'typebox'
import * as Value from 'typebox/value'
import { type Role, roles } from '../contract/permissions.ts'
import type { Sealer } from '../store/secrets.ts'

/** Loaded by the first who comes this way: most workshops have no other sign-in. */
const library = () => import('openid-client')

/** What of the settings is needed here. */
export interface OidcHouse {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string | null
  readonly scopes: string
  readonly groupsClaim: string
  readonly roles: ReadonlyMap<string, Role>
  readonly otherwise: Role | null
}

/** The other house does not answer, or not as such a house does. */
export class OidcAway extends Error {
  constructor(cause: unknown) {
    super(`The other sign-in does not answer: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    this.name = 'OidcAway'
  }
}

/** It did not vouch for this person: an error, a wrong state, a signature that does not fit. */
export class OidcRefused extends Error {
  constructor(cause: unknown) {
    super(`The other sign-in vouched for nobody: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    this.name = 'OidcRefused'
  }
}

/** What this browser must bring back; sealed in a cookie for some minutes. */
const Flow = Type.Object({
  state: Type.String(),
  nonce: Type.String(),
  verifier: Type.String(),
  /** Milliseconds since 1970. */
  until: Type.Number(),
  /** The session whose member joins this identity to his account; null: somebody signs in. */
  sessionId: Type.Union([Type.Integer(), Type.Null()]),
})
export type Flow = Type.Static<typeof Flow>

export interface Person {
  readonly issuer: string
  readonly subject: string
  readonly name: string
  readonly email: string | null
  readonly groups: readonly string[]
}

const FLOW_MS = 10 * 60_000
const PURPOSE = 'oidc flow'
const PATIENCE_SECONDS = 10
const LONGEST_NAME = 70

export class OidcDoor {
  readonly #house: OidcHouse
  readonly #redirectUri: string
  readonly #sealer: Sealer
  #configuration: Promise<Configuration> | undefined

  constructor(house: OidcHouse, redirectUri: string, sealer: Sealer) {
    this.#house = house
    this.#redirectUri = redirectUri
    this.#sealer = sealer
  }

  /** Where the browser goes, and what it must bring back. Throws OidcAway. */
  async begin(sessionId: number | null): Promise<{ url: string; flow: string }> {
    const client = await library()
    const configuration = await this.#discover()
    const verifier = client.randomPKCECodeVerifier()
    const flow: Flow = {
      state: client.randomState(),
      nonce: client.randomNonce(),
      verifier,
      until: Date.now() + FLOW_MS,
      sessionId,
    }
    const url = client.buildAuthorizationUrl(configuration, {
      redirect_uri: this.#redirectUri,
      scope: this.#house.scopes,
      state: flow.state,
      nonce: flow.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    })
    return { url: url.href, flow: this.#sealer.seal(PURPOSE, JSON.stringify(flow)).toString('base64url') }
  }

  /** For whom the other house vouches. `search` is what it sent along. Throws OidcAway, OidcRefused. */
  async finish(flowText: string, search: string): Promise<{ person: Person; sessionId: number | null }> {
    const flow = this.#openFlow(flowText)
    const client = await library()
    const configuration = await this.#discover()
    try {
      const tokens = await client.authorizationCodeGrant(configuration, new URL(this.#redirectUri + search), {
        pkceCodeVerifier: flow.verifier,
        expectedState: flow.state,
        expectedNonce: flow.nonce,
        idTokenExpected: true,
      })
      const claims = tokens.claims()
      if (claims === undefined) throw new Error('there is no ID token')
      // Some houses put groups and names into the ID token, others tell them only when asked.
      const more = configuration.serverMetadata().userinfo_endpoint
        ? await client.fetchUserInfo(configuration, tokens.access_token, claims.sub)
        : {}
      return { person: this.#personOf({ ...claims, ...more }, claims.iss), sessionId: flow.sessionId }
    } catch (error) {
      throw isAway(error) ? new OidcAway(error) : new OidcRefused(error)
    }
  }

  /** The highest role of these groups; null: none that comes in. */
  roleOf(groups: readonly string[]): Role | null {
    const found = groups.flatMap((group) => this.#house.roles.get(group) ?? [])
    return [...roles].reverse().find((role) => found.includes(role)) ?? this.#house.otherwise
  }

  /** Looked up once; where that fails, again by the next one who comes. */
  #discover(): Promise<Configuration> {
    this.#configuration ??= this.#askHouse().catch((error: unknown) => {
      this.#configuration = undefined
      throw new OidcAway(error)
    })
    return this.#configuration
  }

  async #askHouse(): Promise<Configuration> {
    const client = await library()
    const { issuer, clientId, clientSecret } = this.#house
    const authentication = clientSecret === null ? client.None() : client.ClientSecretPost(clientSecret)
    const options = issuer.startsWith('http:') ? { execute: [client.allowInsecureRequests] } : {}
    return client.discovery(new URL(issuer), clientId, clientSecret ?? undefined, authentication, {
      ...options,
      timeout: PATIENCE_SECONDS,
    })
  }

  #openFlow(text: string): Flow {
    const opened = this.#sealer.open(PURPOSE, Buffer.from(text, 'base64url'))
    const flow: unknown = opened === null ? null : JSON.parse(opened)
    if (!Value.Check(Flow, flow) || flow.until < Date.now()) throw new OidcRefused('it was not begun in this browser')
    return flow
  }

  #personOf(claims: Readonly<Record<string, unknown>>, issuer: string): Person {
    const text = (name: string): string | null => {
      const value = claims[name]
      const plain =
        typeof value === 'string'
          ? value
              .replace(/\p{Cc}/gu, ' ')
              .trim()
              .slice(0, LONGEST_NAME)
              .trim()
          : ''
      return plain === '' ? null : plain
    }
    const groups = at(claims, this.#house.groupsClaim)
    return {
      issuer,
      subject: String(claims['sub']),
      name: text('name') ?? text('preferred_username') ?? text('nickname') ?? 'Member',
      // An address that nobody has checked would get this member's links.
      email: claims['email_verified'] === true ? text('email') : null,
      groups: (Array.isArray(groups) ? groups : [groups]).filter((group) => typeof group === 'string'),
    }
  }
}

const at = (claims: Readonly<Record<string, unknown>>, path: string): unknown => {
  // A claim may itself have a dot in its name, as those that are addresses have.
  if (path in claims) return claims[path]
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined,
      claims,
    )
}

const isAway = (error: unknown): boolean => {
  const code = (error as { code?: unknown }).code
  return error instanceof TypeError || code === 'OAUTH_TIMEOUT' || (error as Error).name === 'TimeoutError'
}
