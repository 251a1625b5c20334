// The Customizer's parameters as OpenSCAD exports them, and values checked against them.
import * as Type from 'typebox'
import * as Value from 'typebox/value'
import type { ScadParameter, ScadValue, ScadValues } from '../../contract/model-work.ts'
import { BadInput } from '../body.ts'

const ExportedParameter = Type.Object({
  name: Type.String(),
  initial: Type.Union([
    Type.Number(),
    Type.String(),
    Type.Boolean(),
    Type.Array(Type.Number(), { minItems: 1, maxItems: 4 }),
  ]),
  group: Type.Optional(Type.String()),
  caption: Type.Optional(Type.String()),
  min: Type.Optional(Type.Number()),
  max: Type.Optional(Type.Number()),
  step: Type.Optional(Type.Number()),
  maxLength: Type.Optional(Type.Integer()),
  options: Type.Optional(
    Type.Array(Type.Object({ name: Type.String(), value: Type.Union([Type.Number(), Type.String()]) })),
  ),
})
/** A file without parameters has no list. */
const Exported = Type.Object({ parameters: Type.Optional(Type.Union([Type.Array(Type.Unknown()), Type.Null()])) })

/** OpenSCAD's own heading for what stands below none. */
const NO_GROUP = 'Parameters'

export const parametersOf = (json: string): ScadParameter[] => {
  const exported: unknown = JSON.parse(json)
  if (!Value.Check(Exported, exported)) throw new Error('OpenSCAD wrote its parameters in another shape.')
  return (
    (exported.parameters ?? [])
      // What cannot be shown as a field (lists of texts, long vectors) keeps its value.
      .filter((one) => Value.Check(ExportedParameter, one))
      .map(({ name, initial, group, caption, min, max, step, maxLength, options }) => ({
        name,
        caption: caption ?? '',
        group: group === undefined || group === NO_GROUP ? '' : group,
        kind: kindOf(initial),
        initial,
        least: min ?? null,
        most: max ?? null,
        step: step ?? null,
        maxLength: maxLength ?? null,
        options: options?.map(({ name: label, value }) => ({ label, value })) ?? null,
      }))
  )
}

const kindOf = (initial: ScadValue): ScadParameter['kind'] => {
  if (Array.isArray(initial)) return 'vector'
  if (typeof initial === 'number') return 'number'
  return typeof initial === 'boolean' ? 'boolean' : 'text'
}

/** A parameter set as `-p` takes it: data, never code. Throws BadInput where a value does not fit its parameter. */
export const parameterSet = (name: string, parameters: readonly ScadParameter[], values: ScadValues): string => {
  const set: Record<string, string> = {}
  for (const [called, value] of Object.entries(values)) {
    const parameter = parameters.find((one) => one.name === called)
    if (parameter === undefined) throw new BadInput(`This design has no parameter ${called}. Load the page anew.`)
    check(parameter, value)
    set[called] = Array.isArray(value) ? JSON.stringify(value) : String(value)
  }
  return JSON.stringify({ fileFormatVersion: '1', parameterSets: { [name]: set } })
}

const check = ({ name, kind, initial, least, most, maxLength, options }: ScadParameter, value: ScadValue): void => {
  if (kindOf(value) !== kind) throw new BadInput(`${name} must be a ${kind}.`)
  if (options !== null && !options.some((one) => one.value === value))
    throw new BadInput(`${name} must be one of ${options.map(({ label }) => label).join(', ')}.`)
  if (typeof value === 'string') {
    if (maxLength !== null && value.length > maxLength) throw new BadInput(`${name} may hold ${maxLength} letters.`)
    if (/\p{Cc}/u.test(value)) throw new BadInput(`${name} must be a single line.`)
  }
  if (Array.isArray(value) && Array.isArray(initial) && value.length !== initial.length)
    throw new BadInput(`${name} must be ${initial.length} numbers.`)
  for (const number of Array.isArray(value) ? value : typeof value === 'number' ? [value] : []) {
    // With a list to choose from, bounds mean nothing; a range whose end lies below its start is a slip of the design.
    if (options !== null || (least !== null && most !== null && least > most)) continue
    if (least !== null && number < least) throw new BadInput(`${name} must be ${least} at least.`)
    if (most !== null && number > most) throw new BadInput(`${name} must be ${most} at most.`)
  }
}
