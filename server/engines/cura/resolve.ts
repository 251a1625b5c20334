// What every setting comes to, once formulas are worked out and people's wishes are put before them. The engine itself
// knows no formulas: the program that usually stands before it works them out.
import type { DefinedSetting, Machine } from './definitions.ts'
import { evaluate, type FormulaScope } from './expression.ts'
import { BadFormula, type Formula, type FormulaValue, parseFormula } from './expression-tree.ts'

export interface ResolvedSettings {
  readonly values: ReadonlyMap<string, FormulaValue>
  /** Formulas that could not be worked out; their settings keep the plain default. */
  readonly problems: readonly string[]
}

const formulas = new Map<string, Formula | BadFormula>()

/** Most formulas stand in many machines: each is read once. */
const formulaOf = (source: string): Formula => {
  let formula = formulas.get(source)
  if (formula === undefined) {
    try {
      formula = parseFormula(source)
    } catch (error) {
      if (!(error instanceof BadFormula)) throw error
      formula = error
    }
    formulas.set(source, formula)
  }
  if (formula instanceof BadFormula) throw formula
  return formula
}

/** Works settings out when they are asked for; `wishes` go before everything. */
export class SettingResolver {
  readonly #settings: ReadonlyMap<string, DefinedSetting>
  readonly #wishes: ReadonlyMap<string, FormulaValue>
  readonly #values = new Map<string, FormulaValue>()
  readonly #open = new Set<string>()
  readonly #problems: string[] = []
  readonly #scope: FormulaScope

  constructor(machine: Machine, wishes: ReadonlyMap<string, FormulaValue>) {
    this.#settings = machine.settings
    this.#wishes = wishes
    this.#scope = { value: (name) => this.#named(name), call: (name, args) => this.#call(name, args) }
  }

  all(): ResolvedSettings {
    for (const key of this.#settings.keys()) this.value(key)
    for (const [key, value] of this.#wishes) this.#values.set(key, value)
    return { values: this.#values, problems: this.#problems }
  }

  /** Throws BadFormula where there is no such setting. */
  value(key: string): FormulaValue {
    const wish = this.#wishes.get(key)
    if (wish !== undefined) return wish
    const known = this.#values.get(key)
    if (known !== undefined) return known
    const setting = this.#settings.get(key)
    if (setting === undefined) throw new BadFormula(`there is no setting ${key}`)
    // Formulas that need each other: whoever is asked a second time answers with its default.
    if (this.#open.has(key)) return setting.default_value ?? null
    this.#open.add(key)
    const value = rounded(this.#workOut(key, setting), setting.type)
    this.#open.delete(key)
    this.#values.set(key, value)
    return value
  }

  /** A limit of a setting with everything else as it is now; null where there is none. */
  limit(key: string, which: 'minimum_value' | 'maximum_value'): number | null {
    const limit = this.#settings.get(key)?.[which]
    if (limit === undefined || limit === null) return null
    try {
      const value = typeof limit === 'string' ? evaluate(formulaOf(limit), this.#scope) : limit
      return typeof value === 'number' && Number.isFinite(value) ? value : null
    } catch (error) {
      if (error instanceof BadFormula) return null
      throw error
    }
  }

  #workOut(key: string, { value, default_value: plain = null }: DefinedSetting): FormulaValue {
    if (value === undefined || value === null) return plain
    if (typeof value !== 'string') return value
    try {
      return evaluate(formulaOf(value), this.#scope)
    } catch (error) {
      if (!(error instanceof BadFormula)) throw error
      this.#problems.push(`${key}: ${error.message}`)
      return plain
    }
  }

  #named(name: string): FormulaValue | undefined {
    return this.#wishes.has(name) || this.#settings.has(name) ? this.value(name) : undefined
  }

  /** Cura's own functions, for a machine of one extruder. */
  #call(name: string, args: readonly FormulaValue[]): FormulaValue | undefined {
    const last = args.at(-1)
    const key = typeof last === 'string' ? last : ''
    switch (name) {
      case 'extruderValue':
      case 'valueFromContainer':
      case 'extruderValueFromContainer':
        return this.value(key)
      case 'extruderValues':
        return [this.value(key)]
      case 'resolveOrValue':
        return this.#resolved(key)
      case 'defaultExtruderPosition':
      case 'anyExtruderWithMaterial':
      case 'anyExtruderNrWithOrDefault':
        return 0
      default:
        return undefined
    }
  }

  #resolved(key: string): FormulaValue {
    const resolve = this.#settings.get(key)?.resolve
    if (this.#wishes.has(key) || resolve === undefined || this.#open.has(key)) return this.value(key)
    this.#open.add(key)
    try {
      return evaluate(formulaOf(resolve), this.#scope)
    } catch (error) {
      if (!(error instanceof BadFormula)) throw error
      return this.value(key)
    } finally {
      this.#open.delete(key)
    }
  }
}

const rounded = (value: FormulaValue, type: string | undefined): FormulaValue =>
  type === 'int' && typeof value === 'number' ? Math.round(value) : value

/** A definition without formulas, in which every default is what was worked out: what the engine can read. */
export const flatDefinition = (machine: Machine, { values }: ResolvedSettings): object => {
  const children: Record<string, object> = {}
  for (const [key, value] of values) {
    const { type = 'str', options } = machine.settings.get(key) ?? {}
    children[key] = {
      label: key,
      description: '',
      type,
      default_value: value ?? '',
      ...(type === 'enum' ? { options: options ?? {} } : {}),
    }
  }
  return {
    name: 'printer',
    version: 2,
    metadata: { type: 'machine', machine_extruder_trains: { '0': 'extruder' } },
    settings: { all: { label: 'all', description: '', type: 'category', children } },
  }
}
