// The formulas in machine definitions, read into a tree. They are written in a small part of Python; nothing of them is
// ever run as a program.

export type FormulaValue = number | boolean | string | null | readonly FormulaValue[]

export type Formula =
  | { readonly kind: 'value'; readonly value: FormulaValue }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'list'; readonly items: readonly Formula[] }
  | { readonly kind: 'not' | 'minus'; readonly of: Formula }
  | { readonly kind: 'and' | 'or'; readonly left: Formula; readonly right: Formula }
  | { readonly kind: 'sum'; readonly sign: string; readonly left: Formula; readonly right: Formula }
  | { readonly kind: 'compare'; readonly first: Formula; readonly rest: readonly (readonly [string, Formula])[] }
  | { readonly kind: 'choice'; readonly test: Formula; readonly then: Formula; readonly otherwise: Formula }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Formula[] }
  | { readonly kind: 'index'; readonly of: Formula; readonly at: Formula }
  | Each

/** `body for name in source if test` */
export interface Each {
  readonly kind: 'each'
  readonly body: Formula
  readonly name: string
  readonly source: Formula
  readonly test: Formula | null
}

/** A formula that is not of the part of Python that is understood here. */
export class BadFormula extends Error {
  constructor(what: string) {
    super(what)
    this.name = 'BadFormula'
  }
}

interface Token {
  readonly kind: 'number' | 'text' | 'word' | 'sign' | 'end'
  readonly text: string
}

const LONGEST = 4000
const DEEPEST = 60

const shapes: readonly (readonly [Token['kind'], RegExp])[] = [
  ['number', /(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/y],
  ['text', /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/y],
  ['word', /[A-Za-z_]\w*/y],
  ['sign', /\*\*|\/\/|==|!=|<=|>=|[-+*/%<>()[\],.]/y],
]

const tokensOf = (source: string): Token[] => {
  if (source.length > LONGEST) throw new BadFormula('it is too long')
  const tokens: Token[] = []
  for (let at = 0; at < source.length; ) {
    if (/\s/.test(source.charAt(at))) {
      at++
      continue
    }
    const token = tokenAt(source, at)
    tokens.push(token)
    at += token.text.length
  }
  return [...tokens, { kind: 'end', text: '' }]
}

const tokenAt = (source: string, at: number): Token => {
  for (const [kind, shape] of shapes) {
    shape.lastIndex = at
    const found = shape.exec(source)
    if (found !== null) return { kind, text: found[0] }
  }
  throw new BadFormula(`"${source.slice(at, at + 10)}" is not understood`)
}

const constants: Readonly<Record<string, FormulaValue>> = { True: true, False: false, None: null }

/** Throws BadFormula. */
export const parseFormula = (source: string): Formula => new Reader(tokensOf(source)).whole()

class Reader {
  readonly #tokens: readonly Token[]
  #at = 0
  #depth = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  whole(): Formula {
    const formula = this.#choice()
    if (this.#now.kind !== 'end') throw new BadFormula(`"${this.#now.text}" stands where it should end`)
    return formula
  }

  get #now(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', text: '' }
  }

  #take(...texts: string[]): string | null {
    const { kind, text } = this.#now
    if ((kind !== 'sign' && kind !== 'word') || !texts.includes(text)) return null
    this.#at++
    return text
  }

  #need(text: string): void {
    if (this.#take(text) === null) throw new BadFormula(`"${text}" is missing`)
  }

  #choice(): Formula {
    if (++this.#depth > DEEPEST) throw new BadFormula('it is nested too deeply')
    const then = this.#or()
    let formula = then
    if (this.#take('if')) {
      const test = this.#or()
      this.#need('else')
      formula = { kind: 'choice', test, then, otherwise: this.#choice() }
    }
    this.#depth--
    return formula
  }

  #or(): Formula {
    let left = this.#and()
    while (this.#take('or')) left = { kind: 'or', left, right: this.#and() }
    return left
  }

  #and(): Formula {
    let left = this.#not()
    while (this.#take('and')) left = { kind: 'and', left, right: this.#not() }
    return left
  }

  #not(): Formula {
    return this.#take('not') ? { kind: 'not', of: this.#not() } : this.#comparison()
  }

  #comparison(): Formula {
    const first = this.#sum()
    const rest: (readonly [string, Formula])[] = []
    for (;;) {
      const sign = this.#take('==', '!=', '<=', '>=', '<', '>', 'in') ?? (this.#notIn() ? 'not in' : null)
      if (sign === null) break
      rest.push([sign, this.#sum()])
    }
    return rest.length === 0 ? first : { kind: 'compare', first, rest }
  }

  #notIn(): boolean {
    if (this.#now.text !== 'not' || this.#tokens[this.#at + 1]?.text !== 'in') return false
    this.#at += 2
    return true
  }

  #sum(): Formula {
    let left = this.#product()
    for (let sign = this.#take('+', '-'); sign !== null; sign = this.#take('+', '-')) {
      left = { kind: 'sum', sign, left, right: this.#product() }
    }
    return left
  }

  #product(): Formula {
    const signs = ['*', '//', '/', '%']
    let left = this.#signed()
    for (let sign = this.#take(...signs); sign !== null; sign = this.#take(...signs)) {
      left = { kind: 'sum', sign, left, right: this.#signed() }
    }
    return left
  }

  #signed(): Formula {
    if (this.#take('-')) return { kind: 'minus', of: this.#signed() }
    if (this.#take('+')) return this.#signed()
    const left = this.#indexed()
    return this.#take('**') ? { kind: 'sum', sign: '**', left, right: this.#signed() } : left
  }

  #indexed(): Formula {
    let of = this.#atom()
    while (this.#take('[')) {
      const at = this.#choice()
      this.#need(']')
      of = { kind: 'index', of, at }
    }
    return of
  }

  #atom(): Formula {
    const { kind, text } = this.#now
    this.#at++
    if (kind === 'number') return { kind: 'value', value: Number(text) }
    if (kind === 'text') return { kind: 'value', value: text.slice(1, -1).replace(/\\(.)/g, '$1') }
    if (kind === 'word') return this.#word(text)
    if (kind === 'sign' && text === '(') return this.#items(')', true)
    if (kind === 'sign' && text === '[') return this.#items(']', false)
    throw new BadFormula(text === '' ? 'it ends too early' : `"${text}" is not understood`)
  }

  #word(text: string): Formula {
    if (Object.hasOwn(constants, text)) return { kind: 'value', value: constants[text] ?? null }
    let name = text
    while (this.#take('.')) name += `.${this.#tokens[this.#at++]?.text ?? ''}`
    if (!this.#take('(')) return { kind: 'name', name }
    const inside = this.#items(')', false)
    return { kind: 'call', name, args: inside.kind === 'list' ? inside.items : [inside] }
  }

  /** What stands in brackets: a list, or a list made by `for`. A single one in round brackets is itself. */
  #items(end: string, mayBeOne: boolean): Formula {
    const items: Formula[] = []
    let comma = false
    while (!this.#take(end)) {
      items.push(this.#choice())
      const [body] = items
      if (items.length === 1 && body !== undefined && this.#take('for')) return this.#each(body, end)
      comma = this.#take(',') !== null
      if (!comma && this.#now.text !== end) throw new BadFormula(`"${end}" is missing`)
    }
    const [only] = items
    return mayBeOne && items.length === 1 && only !== undefined && !comma ? only : { kind: 'list', items }
  }

  #each(body: Formula, end: string): Each {
    const name = this.#now.text
    this.#at++
    this.#need('in')
    const source = this.#or()
    const test = this.#take('if') ? this.#or() : null
    this.#need(end)
    return { kind: 'each', body, name, source, test }
  }
}
