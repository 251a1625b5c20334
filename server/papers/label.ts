// The label that goes with a print: what it is, who made it, under which licence, and where its source is.
import { createRequire } from 'node:module'
import { encode } from 'uqr'
import type { labelSizes } from '../contract/catalogue.ts'

export interface Label {
  readonly title: string
  /** What has to be said, a line each. */
  readonly lines: readonly string[]
  /** Small, below: who printed it, when. */
  readonly footer: string
  /** Addresses with a word for each: they become QR codes. */
  readonly codes: readonly { readonly word: string; readonly address: string }[]
}

const MM = 72 / 25.4
const pages = { a6: { width: 105 * MM, height: 148 * MM }, roll: { width: 62 * MM, height: 100 * MM } } as const
const MARGIN = 4 * MM
/** The longest that a QR code of this size is still read by a telephone. */
const MOST_ADDRESS = 400

const require = createRequire(import.meta.url)
/** They hold Latin, Greek, Cyrillic and Arabic letters: names are written as they are. */
const fonts = {
  plain: require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'),
  bold: require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'),
}

/** One page for each label. */
export const labelPdf = async (labels: readonly Label[], size: (typeof labelSizes)[number]): Promise<Buffer> => {
  const { width, height } = pages[size]
  // Loaded when the first label is wanted: it is large, and a server starts often.
  const { default: PDFDocument } = await import('pdfkit')
  const document = new PDFDocument({
    size: [width, height],
    margin: MARGIN,
    autoFirstPage: false,
    info: { Title: labels[0]?.title ?? '' },
  })
  const parts: Buffer[] = []
  const whole = new Promise<Buffer>((resolve, reject) => {
    document.on('data', (part: Buffer) => parts.push(part))
    document.on('end', () => resolve(Buffer.concat(parts)))
    document.on('error', reject)
  })
  for (const label of labels) {
    document.addPage()
    draw(document, label, { width, height })
  }
  document.end()
  return whole
}

const draw = (document: PDFKit.PDFDocument, label: Label, page: { width: number; height: number }): void => {
  const inner = page.width - 2 * MARGIN
  const codes = label.codes.filter(({ address }) => address.length <= MOST_ADDRESS).slice(0, 2)
  const codeSize = Math.min(
    32 * MM,
    (inner - (codes.length - 1) * MARGIN) / Math.max(1, codes.length),
    0.36 * page.height,
  )
  const footerTop = page.height - MARGIN - 6 * MM
  const codesTop = footerTop - (codes.length === 0 ? 0 : codeSize + 5 * MM)
  document.font(fonts.bold).fontSize(11)
  document.text(label.title, MARGIN, MARGIN, { width: inner, height: 14 * MM, ellipsis: true })
  document.font(fonts.plain).fontSize(7).moveDown(0.4)
  for (const line of label.lines) {
    const room = codesTop - document.y - MM
    if (room < 3 * MM) break
    document.text(line, MARGIN, document.y, { width: inner, height: room, ellipsis: true })
    document.moveDown(0.25)
  }
  for (const [index, { word, address }] of codes.entries()) {
    const left = MARGIN + index * (codeSize + MARGIN)
    drawCode(document, address, { left, top: codesTop, size: codeSize })
    document
      .fontSize(6)
      .text(word, left, codesTop + codeSize + MM, { width: codeSize, align: 'center', lineBreak: false })
  }
  document.fontSize(6).text(label.footer, MARGIN, footerTop + MM, { width: inner, height: 5 * MM, ellipsis: true })
}

const drawCode = (
  document: PDFKit.PDFDocument,
  address: string,
  { left, top, size }: { left: number; top: number; size: number },
): void => {
  const { data, size: modules } = encode(address, { ecc: 'M', border: 2 })
  const step = size / modules
  for (const [row, line] of data.entries()) {
    for (const [column, isDark] of line.entries()) {
      if (isDark) document.rect(left + column * step, top + row * step, step * 1.02, step * 1.02)
    }
  }
  document.fill('black')
}
