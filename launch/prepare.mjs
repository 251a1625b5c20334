// Installs and builds what is missing, before anything of the project can be imported. Plain Node, no packages.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const dist = join(root, 'dist')

/** What is compiled, and where a change means to build anew. */
const sources = ['gcode', 'server', 'firmware-bridge', 'launch', 'dashboard', 'package-lock.json', 'tsconfig.json']

/**
 * @param {{ dev: boolean }} wanted `dev`: also what only tests and checks need.
 */
export const prepare = ({ dev }) => {
  checkNode()
  if (!isInstalled(dev)) {
    console.error('Installing what is missing (once; this takes a minute).')
    run('npm', ['ci', '--no-audit', '--no-fund', ...(dev ? [] : ['--omit=dev'])])
  }
  build()
}

/** Builds the programs and the dashboard, unless they are built from these very sources. */
export const build = () => {
  const mark = hashOfSources()
  const markFile = join(dist, 'built-from')
  if (existsSync(markFile) && readFileSync(markFile, 'utf8') === mark) return
  console.error('Building.')
  rmSync(dist, { recursive: true, force: true })
  run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', join(root, 'launch/tsconfig.json')])
  cpSync(join(root, 'server/store/migrations'), join(dist, 'server/store/migrations'), { recursive: true })
  run(
    process.execPath,
    [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--configLoader', 'runner', '--logLevel', 'warn'],
    'dashboard',
    { NODE_ENV: 'production' },
  )
  mkdirSync(dist, { recursive: true })
  writeFileSync(markFile, mark)
}

const checkNode = () => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  console.error(`Auzolan needs Node 20.19 or newer; this is ${process.versions.node}.`)
  process.exit(1)
}

/**
 * Whether every package of the lock file is there in its version: npm lists what it installed beside the packages.
 * @param {boolean} dev
 */
const isInstalled = (dev) => {
  const listed = join(root, 'node_modules/.package-lock.json')
  if (!existsSync(listed)) return false
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  const there = JSON.parse(readFileSync(listed, 'utf8')).packages
  return Object.entries(wanted).every(([path, facts]) => {
    if (path === '' || facts.optional || facts.devOptional || (facts.dev && !dev)) return true
    return there[path]?.version === facts.version
  })
}

const hashOfSources = () => {
  const sum = createHash('sha256').update(process.versions.node.split('.')[0] ?? '')
  /** @param {string} path */
  const add = (path) => {
    const full = join(root, path)
    if (!existsSync(full)) return
    for (const name of filesIn(full).sort()) {
      sum.update(name).update('\0').update(readFileSync(name)).update('\0')
    }
  }
  for (const path of sources) add(path)
  return sum.digest('hex')
}

/**
 * @param {string} path
 * @returns {string[]}
 */
const filesIn = (path) => {
  try {
    return readdirSync(path, { withFileTypes: true }).flatMap((entry) => filesIn(join(path, entry.name)))
  } catch {
    return [path] // It is a file.
  }
}

/**
 * Runs a command and ends with it where it fails.
 * @param {string} command
 * @param {string[]} args
 * @param {string} folder where it runs, below the root
 * @param {Record<string, string>} environment added to our own
 */
export const run = (command, args, folder = '.', environment = {}) => {
  const { status, error } = spawnSync(command, args, {
    cwd: join(root, folder),
    stdio: 'inherit',
    shell: process.platform === 'win32',
    // Whoever builds within a test would else build React's version for developing.
    env: { ...process.env, ...environment },
  })
  if (error) throw error
  if (status !== 0) process.exit(status ?? 1)
}

/**
 * A program as it was built.
 * @param {string} program path below dist/
 */
export const load = (program) => import(new URL(`../dist/${program}`, import.meta.url).href)
