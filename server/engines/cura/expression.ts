// What a formula comes to. Names and functions outside of Python are given by whoever asks.
import { BadFormula, type Each, type Formula, type FormulaValue } from './expression-tree.ts'

export interface FormulaScope {
  /** Undefined where there is no such name. */
  value(name: string): FormulaValue | undefined
  /** Undefined where there is no such function. */
  call(name: string, args: readonly FormulaValue[]): FormulaValue | undefined
}

/** Throws BadFormula. */
export const evaluate = (formula: Formula, scope: FormulaScope): FormulaValue => {
  const at = (one: Formula): FormulaValue => evaluate(one, scope)
  switch (formula.kind) {
    case 'value':
      return formula.value
    case 'name':
      return named(formula.name, scope)
    case 'list':
      return formula.items.map(at)
    case 'not':
      return !isTrue(at(formula.of))
    case 'minus':
      return -asNumber(at(formula.of))
    case 'and': {
      const left = at(formula.left)
      return isTrue(left) ? at(formula.right) : left
    }
    case 'or': {
      const left = at(formula.left)
      return isTrue(left) ? left : at(formula.right)
    }
    case 'choice':
      return isTrue(at(formula.test)) ? at(formula.then) : at(formula.otherwise)
    case 'sum':
      return calculate(formula.sign, at(formula.left), at(formula.right))
    case 'compare':
      return compareAll(at(formula.first), formula.rest, at)
    case 'index':
      return indexed(at(formula.of), at(formula.at))
    case 'each':
      return each(formula, scope)
    case 'call':
      return called(formula.name, formula.args, scope)
  }
}

export const isTrue = (value: FormulaValue): boolean => (isList(value) ? value.length > 0 : Boolean(value))

const isList = (value: FormulaValue): value is readonly FormulaValue[] => Array.isArray(value)

const asNumber = (value: FormulaValue): number => {
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value === 'number') return value
  throw new BadFormula(`${JSON.stringify(value)} is no number`)
}

const named = (name: string, scope: FormulaScope): FormulaValue => {
  const value = scope.value(name) ?? (name === 'math.pi' ? Math.PI : undefined)
  if (value === undefined) throw new BadFormula(`there is no ${name}`)
  return value
}

const calculate = (sign: string, left: FormulaValue, right: FormulaValue): FormulaValue => {
  if (sign === '+' && typeof left === 'string' && typeof right === 'string') return left + right
  if (sign === '+' && isList(left) && isList(right)) return [...left, ...right]
  const [a, b] = [asNumber(left), asNumber(right)]
  if (b === 0 && (sign === '/' || sign === '//' || sign === '%')) throw new BadFormula('it divides by zero')
  switch (sign) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
      return a / b
    case '//':
      return Math.floor(a / b)
    case '%':
      return ((a % b) + b) % b
    default:
      return a ** b
  }
}

/** In Python, True is 1. */
const isSame = (left: FormulaValue, right: FormulaValue): boolean => {
  const plain = (value: FormulaValue): FormulaValue => (typeof value === 'boolean' ? Number(value) : value)
  return isList(left) || isList(right) ? JSON.stringify(left) === JSON.stringify(right) : plain(left) === plain(right)
}

const holds = (list: FormulaValue, value: FormulaValue): boolean => {
  if (typeof list === 'string') return list.includes(String(value))
  if (!isList(list)) throw new BadFormula('what stands behind "in" is no list')
  return list.some((one) => isSame(one, value))
}

const compare = (sign: string, left: FormulaValue, right: FormulaValue): boolean => {
  switch (sign) {
    case '==':
      return isSame(left, right)
    case '!=':
      return !isSame(left, right)
    case 'in':
      return holds(right, left)
    case 'not in':
      return !holds(right, left)
    case '<':
      return asNumber(left) < asNumber(right)
    case '>':
      return asNumber(left) > asNumber(right)
    case '<=':
      return asNumber(left) <= asNumber(right)
    default:
      return asNumber(left) >= asNumber(right)
  }
}

const compareAll = (
  first: FormulaValue,
  rest: readonly (readonly [string, Formula])[],
  at: (one: Formula) => FormulaValue,
): boolean => {
  let left = first
  for (const [sign, formula] of rest) {
    const right = at(formula)
    if (!compare(sign, left, right)) return false
    left = right
  }
  return true
}

const indexed = (of: FormulaValue, at: FormulaValue): FormulaValue => {
  if (!isList(of) && typeof of !== 'string') throw new BadFormula('only lists have places')
  const place = asNumber(at)
  const value: FormulaValue | undefined = of[place < 0 ? of.length + place : place]
  if (value === undefined) throw new BadFormula(`there is no place ${place}`)
  return value
}

const each = ({ body, name, source, test }: Each, scope: FormulaScope): FormulaValue => {
  const list = evaluate(source, scope)
  if (!isList(list)) throw new BadFormula('what stands behind "in" is no list')
  const inside = (value: FormulaValue): FormulaScope => ({
    ...scope,
    value: (wanted) => (wanted === name ? value : scope.value(wanted)),
  })
  return list
    .filter((value) => test === null || isTrue(evaluate(test, inside(value))))
    .map((value) => evaluate(body, inside(value)))
}

/** Half goes to the even neighbour, as in Python 3. */
const roundEven = (value: number, digits: number): number => {
  const scaled = value * 10 ** digits
  const near = Math.round(scaled)
  return (Math.abs(scaled % 1) === 0.5 && near % 2 !== 0 ? near - 1 : near) / 10 ** digits
}

type Numbers = (...args: number[]) => number

const ofNumbers: Readonly<Record<string, Numbers>> = {
  abs: Math.abs,
  round: (value, digits = 0) => roundEven(value, digits),
  int: Math.trunc,
  float: (value) => value,
  'math.ceil': Math.ceil,
  'math.floor': Math.floor,
  'math.sqrt': Math.sqrt,
  'math.sin': Math.sin,
  'math.cos': Math.cos,
  'math.tan': Math.tan,
  'math.atan': Math.atan,
  'math.log': (value) => Math.log(value),
  'math.degrees': (value) => (value * 180) / Math.PI,
  'math.radians': (value) => (value * Math.PI) / 180,
}

const ofLists: Readonly<Record<string, (list: readonly FormulaValue[]) => FormulaValue>> = {
  max: (list) => Math.max(...list.map(asNumber)),
  min: (list) => Math.min(...list.map(asNumber)),
  sum: (list) => list.reduce<number>((sum, one) => sum + asNumber(one), 0),
  any: (list) => list.some(isTrue),
  all: (list) => list.every(isTrue),
  len: (list) => list.length,
  set: (list) => list.filter((one, place) => list.findIndex((other) => isSame(one, other)) === place),
}

const called = (name: string, formulas: readonly Formula[], scope: FormulaScope): FormulaValue => {
  const [first] = formulas
  if (name === 'map' && first?.kind === 'name') return mapped(first.name, formulas.slice(1), scope)
  // A lone list made by `for` comes as the argument itself.
  const args = formulas.map((one) => evaluate(one, scope))
  const own = scope.call(name, args)
  if (own !== undefined) return own
  const value = builtIn(name, args)
  if (typeof value === 'number' && !Number.isFinite(value)) throw new BadFormula(`${name} has no result`)
  return value
}

const builtIn = (name: string, args: readonly FormulaValue[]): FormulaValue => {
  const [only] = args
  if (name === 'str') return String(only)
  if (name === 'int' && typeof only === 'string') return Math.trunc(Number(only))
  if (Object.hasOwn(ofLists, name)) {
    const list = args.length === 1 && only !== undefined && isList(only) ? only : args
    if (list.length === 0 && (name === 'max' || name === 'min')) throw new BadFormula(`${name} of nothing`)
    return ofLists[name]?.(list) ?? null
  }
  if (Object.hasOwn(ofNumbers, name)) return ofNumbers[name]?.(...args.map(asNumber)) ?? null
  throw new BadFormula(`there is no function ${name}`)
}

const mapped = (name: string, rest: readonly Formula[], scope: FormulaScope): FormulaValue => {
  const [list = null] = rest.map((one) => evaluate(one, scope))
  if (!isList(list)) throw new BadFormula('map needs a list')
  return list.map((one) => builtIn(name, [one]))
}
