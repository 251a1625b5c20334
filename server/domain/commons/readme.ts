// A README -> headings, paragraphs, lists. HTML in it is never passed on: only its pictures are looked for.
import { lexer, type Token, type Tokens } from 'marked'
import type { Span } from '../../contract/commons.ts'
import type { TextBlock } from '../../contract/design-reading.ts'
import { cleanText } from './fields.ts'

const MOST_TEXT = 200_000
const MOST_BLOCKS = 1000
const MOST_DEPTH = 12

const plainMarks = { isStrong: false, isEmphasised: false, isCode: false, href: null }

/** Never throws: what cannot be read is one paragraph of plain text. */
export const readReadme = (text: string): TextBlock[] => {
  const given = text.slice(0, MOST_TEXT)
  try {
    return blocksOf(lexer(given, { gfm: true }), 0).slice(0, MOST_BLOCKS)
  } catch {
    return [{ kind: 'paragraph', spans: [{ text: cleanText(given), ...plainMarks }] }]
  }
}

const blocksOf = (tokens: readonly Token[], depth: number): TextBlock[] =>
  depth > MOST_DEPTH ? [] : tokens.flatMap((token) => blockOf(token, depth))

const blockOf = (token: Token, depth: number): TextBlock[] => {
  switch (token.type) {
    case 'heading':
      return withSpans({ kind: 'heading', level: Math.min(6, Math.max(1, Number(token['depth']))) }, token.tokens)
    case 'paragraph':
    case 'text':
      return paragraph(token.tokens ?? [token])
    case 'list':
      return itemsOf(token as Tokens.List, depth)
    case 'blockquote':
      return blocksOf(token.tokens ?? [], depth + 1).map((block) =>
        block.kind === 'paragraph' ? { kind: 'quote', spans: block.spans } : block,
      )
    case 'code':
      return [{ kind: 'code', text: cleanText(String(token['text'])) }]
    case 'table':
      return [tableOf(token as Tokens.Table)]
    case 'hr':
      return [{ kind: 'rule' }]
    case 'html':
      return picturesOf(token.raw)
    default:
      return []
  }
}

const innerOf = (token: Token): Token[] => ('tokens' in token && token.tokens ? token.tokens : [])

/** Pictures in a paragraph stand below it. */
const paragraph = (tokens: readonly Token[]): TextBlock[] => [
  ...withSpans({ kind: 'paragraph' }, tokens),
  ...flat(tokens).flatMap((token): TextBlock[] =>
    token.type === 'image'
      ? [{ kind: 'picture', path: String(token['href']), text: cleanText(String(token['text'])) }]
      : token.type === 'html'
        ? picturesOf(token.raw)
        : [],
  ),
]

const flat = (tokens: readonly Token[], depth = 0): Token[] =>
  depth > MOST_DEPTH
    ? []
    : tokens.flatMap((token) => [token, ...('tokens' in token && token.tokens ? flat(token.tokens, depth + 1) : [])])

const withSpans = (
  block: { kind: 'heading'; level: number } | { kind: 'paragraph' } | { kind: 'item'; depth: number; mark: string },
  tokens: readonly Token[] | undefined,
): TextBlock[] => {
  const spans = trimmed(spansOf(tokens ?? [], plainMarks, 0))
  return spans.length === 0 ? [] : [{ ...block, spans }]
}

const itemsOf = (list: Tokens.List, depth: number): TextBlock[] =>
  list.items.flatMap((item, index) => {
    const mark = list.ordered ? `${(typeof list.start === 'number' ? list.start : 1) + index}.` : '•'
    const own = item.tokens.filter(({ type }) => type === 'text' || type === 'paragraph')
    const below = item.tokens.filter(({ type }) => type !== 'text' && type !== 'paragraph')
    const inline = own.flatMap((token) => ('tokens' in token && token.tokens ? token.tokens : [token]))
    const pictures = paragraph(inline).filter(({ kind }) => kind === 'picture')
    return [...withSpans({ kind: 'item', depth, mark }, inline), ...pictures, ...blocksOf(below, depth + 1)]
  })

const tableOf = (table: Tokens.Table): TextBlock => ({
  kind: 'table',
  rows: [table.header, ...table.rows]
    .slice(0, 200)
    .map((row) => row.slice(0, 20).map((cell) => trimmed(spansOf(cell.tokens, plainMarks, 0)))),
})

type Marks = Omit<Span, 'text'>

const spansOf = (tokens: readonly Token[], marks: Marks, depth: number): Span[] =>
  depth > MOST_DEPTH ? [] : tokens.flatMap((token) => spanOf(token, marks, depth))

const spanOf = (token: Token, marks: Marks, depth: number): Span[] => {
  const inner = (changed: Partial<Marks>): Span[] => spansOf(innerOf(token), { ...marks, ...changed }, depth + 1)
  switch (token.type) {
    case 'strong':
      return inner({ isStrong: true })
    case 'em':
      return inner({ isEmphasised: true })
    case 'del':
      return inner({})
    case 'codespan':
      return span(String(token['text']), { ...marks, isCode: true })
    case 'link':
      return inner({ href: safeLink(String(token['href'])) })
    case 'br':
      return span('\n', marks)
    case 'text':
    case 'escape':
      return innerOf(token).length > 0 ? inner({}) : span(decode(String(token['text'])), marks)
    default:
      return []
  }
}

const span = (text: string, marks: Marks): Span[] => {
  const clean = text.replace(/[^\P{Cc}\n\t]|[‪-‮⁦-⁩]/gu, '').slice(0, 20_000)
  return clean === '' ? [] : [{ text: clean, ...marks }]
}

const trimmed = (spans: Span[]): Span[] => (spans.some(({ text }) => text.trim() !== '') ? spans : [])

/** Links that lead somewhere known; relative ones would lead nowhere here. */
const safeLink = (href: string): string | null => {
  try {
    const url = new URL(href.trim())
    return ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url.href : null
  } catch {
    return null
  }
}

const signs: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  copy: '©',
}

const decode = (text: string): string => text.replace(/&(\w{2,6});/g, (whole, name: string) => signs[name] ?? whole)

const picturesOf = (html: string): TextBlock[] =>
  [...html.slice(0, 20_000).matchAll(/<img\b[^>]{0,500}?\bsrc\s*=\s*["']([^"'>]{1,400})["']/gi)].map((found) => ({
    kind: 'picture',
    path: found[1] ?? '',
    text: cleanText(/\balt\s*=\s*["']([^"'>]{0,200})["']/i.exec(found[0])?.[1] ?? ''),
  }))

const textOfSpans = (spans: readonly Span[]): string =>
  spans
    .map(({ text }) => text)
    .join('')
    .replace(/\s+/g, ' ')
    .trim()

/** Headings that name no design. */
const isNotice = (text: string): boolean => /\b(moved|archived|deprecated|unmaintained)\b/i.test(text)
const isGeneral = (text: string): boolean =>
  /^(overview|readme|introduction|about|contents|table of contents)\W*$/i.test(text)

/** The first heading and the first paragraph below it, as plain text. */
export const beginningOf = (blocks: readonly TextBlock[]): { title: string | null; summary: string | null } => {
  const title = blocks.find((block) => block.kind === 'heading' && !isNotice(textOfSpans(block.spans)))
  const at = title === undefined ? 0 : blocks.indexOf(title)
  const summary = blocks.slice(at).find((block) => block.kind === 'paragraph' && textOfSpans(block.spans).length > 20)
  const text = title?.kind === 'heading' ? textOfSpans(title.spans).slice(0, 200) : ''
  return {
    title: text === '' || isGeneral(text) ? null : text,
    summary: summary?.kind === 'paragraph' ? textOfSpans(summary.spans).slice(0, 2000) : null,
  }
}

/** The text below a heading about the licence; null: there is none. */
export const licenceSection = (blocks: readonly TextBlock[]): string | null => {
  const at = blocks.findIndex(
    (block) => block.kind === 'heading' && /licen[cs]e|lizenz|licencia/i.test(textOfSpans(block.spans)),
  )
  if (at < 0) return null
  const rest = blocks.slice(at + 1)
  const end = rest.findIndex(({ kind }) => kind === 'heading')
  return (end < 0 ? rest : rest.slice(0, end))
    .map((block) => ('spans' in block ? textOfSpans(block.spans) : ''))
    .join('\n')
}
