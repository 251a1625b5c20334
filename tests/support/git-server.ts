// A real git behind HTTP, by `git http-backend`: and repositories written in a few words.
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { startWebServer, type WebServer } from './web-server.ts'

export interface GitServer extends WebServer {
  /** Where repositories lie: `name.git` is asked for as `/name.git`. */
  readonly folder: string
}

export interface GitServerOptions {
  /** Servers that do not know partial fetches. */
  readonly withoutFilter?: boolean
  /** Servers that do not know version 2. */
  readonly old?: boolean
  /** Before git is asked; true: it is answered already. */
  readonly first?: (request: IncomingMessage, response: ServerResponse, url: URL) => boolean | Promise<boolean>
}

export const startGitServer = async (options: GitServerOptions = {}): Promise<GitServer> => {
  const folder = mkdtempSync(join(tmpdir(), 'auzolan-git-'))
  const server = await startWebServer(async (request, response, url) => {
    if ((await options.first?.(request, response, url)) === true) return
    await backend(folder, request, response, url, options)
  })
  return {
    ...server,
    folder,
    close: async () => {
      await server.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The common gateway interface (RFC 3875): a head, an empty line, the body. */
const backend = async (
  folder: string,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  { withoutFilter = false, old = false }: GitServerOptions,
): Promise<void> => {
  const program = spawn('git', ['http-backend'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: {
      PATH: process.env['PATH'],
      GIT_PROJECT_ROOT: folder,
      GIT_HTTP_EXPORT_ALL: '1',
      ...settings({ 'safe.directory': '*', 'uploadpack.allowFilter': String(!withoutFilter) }),
      PATH_INFO: url.pathname,
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      CONTENT_LENGTH: request.headers['content-length'] ?? '',
      ...(old ? {} : { GIT_PROTOCOL: String(request.headers['git-protocol'] ?? '') }),
    },
  })
  program.stdin.on('error', () => {})
  request.pipe(program.stdin)
  const pieces: Buffer[] = []
  for await (const piece of program.stdout as AsyncIterable<Buffer>) pieces.push(piece)
  const whole = Buffer.concat(pieces)
  const end = whole.indexOf('\r\n\r\n')
  const head = new Map(
    whole
      .toString('latin1', 0, end)
      .split('\r\n')
      .map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  )
  const status = Number.parseInt(head.get('status') ?? '200', 10)
  response.writeHead(status, { 'content-type': head.get('content-type') ?? 'text/plain' }).end(whole.subarray(end + 4))
}

const settings = (values: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries([
    ['GIT_CONFIG_COUNT', String(Object.keys(values).length)],
    ...Object.entries(values).flatMap(([name, value], at) => [
      [`GIT_CONFIG_KEY_${at}`, name],
      [`GIT_CONFIG_VALUE_${at}`, value],
    ]),
  ])

/** Runs git as nobody in particular; answers with what it prints. */
export const git = (folder: string, ...words: readonly string[]): string => gitFed(folder, '', ...words)

/** The same, with something on its standard input. */
export const gitFed = (folder: string, input: string, ...words: readonly string[]): string => {
  const done = spawnSync('git', words, {
    cwd: folder,
    encoding: 'utf8',
    input,
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      ...settings({
        'safe.directory': '*',
        'user.name': 'Ada',
        'user.email': 'ada@example.org',
        'init.defaultBranch': 'main',
      }),
    },
  })
  if (done.status !== 0) throw new Error(`git ${words.join(' ')}: ${done.stderr}`)
  return done.stdout.trim()
}

/** Writes the files (`-> target` is a link) and commits them, in a new repository or one that is there; answers with the commit. */
export const commitFiles = (
  folder: string,
  name: string,
  files: Readonly<Record<string, string | Buffer | null>>,
): string => {
  const place = join(folder, name)
  mkdirSync(place, { recursive: true })
  git(place, 'init', '--quiet')
  for (const [path, content] of Object.entries(files)) {
    const file = join(place, path)
    rmSync(file, { force: true })
    if (content === null) continue
    mkdirSync(dirname(file), { recursive: true })
    if (typeof content === 'string' && content.startsWith('-> ')) symlinkSync(content.slice(3), file)
    else writeFileSync(file, content)
  }
  git(place, 'add', '--all')
  git(place, 'commit', '--quiet', '--allow-empty', '--message', 'Change')
  return git(place, 'rev-parse', 'HEAD')
}
