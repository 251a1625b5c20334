// Cura's machine definitions as they come with the embedded engine: files that inherit from each other.
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import * as Type from 'typebox'
import * as Value from 'typebox/value'
import type { FormulaValue } from './expression-tree.ts'

/** One setting as a definition has it; formulas are text in `value` and in the limits. */
export interface DefinedSetting {
  readonly label?: string
  readonly description?: string
  readonly type?: string
  readonly unit?: string
  readonly default_value?: FormulaValue
  readonly value?: FormulaValue
  readonly resolve?: string
  readonly enabled?: FormulaValue
  readonly minimum_value?: FormulaValue
  readonly maximum_value?: FormulaValue
  readonly options?: Readonly<Record<string, string>>
  /** The heading below which it stands. */
  readonly group?: string
}

const DefinitionFile = Type.Object({
  name: Type.String(),
  inherits: Type.Optional(Type.String()),
  metadata: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  settings: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  overrides: Type.Optional(Type.Record(Type.String(), Type.Record(Type.String(), Type.Unknown()))),
})
type DefinitionFile = Type.Static<typeof DefinitionFile>

/** What a machine is after all that it inherits. */
export interface Machine {
  readonly name: string
  readonly settings: ReadonlyMap<string, DefinedSetting>
}

/** The plainest machine, from which all others inherit. */
export const PLAIN_MACHINE = 'fdmprinter'
const PLAIN_EXTRUDER = 'fdmextruder'
const LONGEST_CHAIN = 12

const resolveFrom = createRequire(import.meta.url)
const packageFolder = (name: string): string => dirname(resolveFrom.resolve(`${name}/package.json`))

let known: ReadonlyMap<string, string> | null = null

/** Paths of all definitions by their id. */
const paths = (): ReadonlyMap<string, string> => {
  if (known !== null) return known
  const found = new Map<string, string>()
  for (const name of ['cura-wasm-definitions', 'cura-wasm']) {
    const folder = join(packageFolder(name), 'src/definitions')
    for (const file of readdirSync(folder)) {
      const id = /^(\w+)\.def\.json$/.exec(file)?.[1]
      if (id !== undefined) found.set(id, join(folder, file))
    }
  }
  known = found
  return found
}

const files = new Map<string, DefinitionFile>()

const load = (id: string): DefinitionFile => {
  const before = files.get(id)
  if (before !== undefined) return before
  const path = paths().get(id)
  if (path === undefined) throw new Error(`There is no machine definition ${id}.`)
  const file: unknown = JSON.parse(readFileSync(path, 'utf8'))
  if (!Value.Check(DefinitionFile, file)) throw new Error(`The machine definition ${id} has another shape.`)
  files.set(id, file)
  return file
}

const chainOf = (id: string): DefinitionFile[] => {
  const chain: DefinitionFile[] = []
  for (let next: string | undefined = id; next !== undefined; next = chain[0]?.inherits) {
    chain.unshift(load(next))
    if (chain.length > LONGEST_CHAIN) throw new Error(`The machine definition ${id} inherits from itself.`)
  }
  return chain
}

type Tree = Readonly<Record<string, unknown>>
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null

/** Settings lie in each other and below headings. */
const flatten = (settings: Tree, group: string, into: Map<string, DefinedSetting>, replace: boolean): void => {
  for (const [key, setting] of Object.entries(settings)) {
    if (!isTree(setting)) continue
    const { children, ...rest } = setting
    const isHeading = setting['type'] === 'category'
    if (!isHeading && (replace || !into.has(key))) into.set(key, { ...(rest as DefinedSetting), group })
    const heading = isHeading && typeof setting['label'] === 'string' ? setting['label'] : group
    if (isTree(children)) flatten(children, heading, into, replace)
  }
}

const override = (settings: Map<string, DefinedSetting>, changes: DefinitionFile['overrides']): void => {
  for (const [key, change] of Object.entries(changes ?? {})) {
    // Whoever gives a plain default means it to count, also where a formula was inherited.
    const plain = 'default_value' in change && !('value' in change) ? { value: null } : {}
    settings.set(key, { ...settings.get(key), ...plain, ...change })
  }
}

const extruderOf = (chain: readonly DefinitionFile[]): string => {
  let id = PLAIN_EXTRUDER
  for (const { metadata } of chain) {
    const trains = metadata?.['machine_extruder_trains']
    const first = isTree(trains) ? trains['0'] : undefined
    if (typeof first === 'string' && paths().has(first)) id = first
  }
  return id
}

const machines = new Map<string, Machine>()

/** The machine with its first extruder. Throws where there is none of this id. */
export const machineOf = (id: string): Machine => {
  const before = machines.get(id)
  if (before !== undefined) return before
  const settings = new Map<string, DefinedSetting>()
  const chain = chainOf(id)
  for (const file of chain) {
    flatten(file.settings ?? {}, '', settings, true)
    override(settings, file.overrides)
  }
  for (const file of [...chainOf(PLAIN_EXTRUDER), ...chainOf(extruderOf(chain))]) {
    flatten(file.settings ?? {}, '', settings, false)
    override(settings, file.overrides)
  }
  const machine = { name: chain.at(-1)?.name ?? id, settings }
  machines.set(id, machine)
  return machine
}

export const hasMachine = (id: string): boolean => paths().has(id) && !/extruder/.test(id)

/** Machines that are offered to people, by maker and name. */
export const listMachines = (): { id: string; name: string; maker: string }[] =>
  [...paths().keys()]
    .filter(hasMachine)
    .map((id) => ({ id, chain: chainOf(id) }))
    .filter(({ chain }) => chain.at(-1)?.metadata?.['visible'] !== false && chain.length > 1)
    .map(({ id, chain }) => {
      const makers = chain.flatMap(({ metadata }) => (metadata ? [metadata['manufacturer']] : []))
      const maker = makers.findLast((one) => typeof one === 'string')
      return { id, name: chain.at(-1)?.name ?? id, maker: typeof maker === 'string' ? maker : '' }
    })
    .sort((one, other) => one.maker.localeCompare(other.maker) || one.name.localeCompare(other.name))

/** Which of the engine's definitions these are, for the record of a slice. */
export const definitionsVersion = (): string => {
  const file: unknown = JSON.parse(readFileSync(join(packageFolder('cura-wasm-definitions'), 'package.json'), 'utf8'))
  return isTree(file) && typeof file['version'] === 'string' ? file['version'] : ''
}
