// XML as models carry it: streamed, without document types, entities or namespaces' prefixes.
import { SaxesParser } from 'saxes'
import { BadInput } from '../body.ts'

export type Attributes = Readonly<Record<string, string>>

export interface XmlSink {
  open(name: string, attributes: Attributes): void
  close(name: string): void
  /** Only of elements that the sink asks it for. */
  text?(text: string): void
}

export interface XmlStream {
  feed(bytes: Uint8Array): void
  end(): void
}

const MOST_DEPTH = 64

const withoutPrefix = (name: string): string => name.slice(name.indexOf(':') + 1)

/** Throws BadInput where it is no XML, or more than models need. */
export const readXml = (sink: XmlSink): XmlStream => {
  const parser = new SaxesParser()
  const decoder = new TextDecoder('utf-8')
  let depth = 0
  parser.on('doctype', () => {
    throw new BadInput(
      'It declares entities of its own, by which files of this computer could be read. No model needs that.',
    )
  })
  parser.on('error', () => {
    throw new BadInput('The XML in it is damaged. Export it again.')
  })
  parser.on('opentag', ({ name, attributes }) => {
    if (++depth > MOST_DEPTH) throw new BadInput('Its XML is nested deeper than any model is.')
    const plain: Record<string, string> = {}
    for (const [key, value] of Object.entries(attributes)) plain[withoutPrefix(key)] = String(value)
    sink.open(withoutPrefix(name), plain)
  })
  parser.on('closetag', ({ name }) => {
    depth -= 1
    sink.close(withoutPrefix(name))
  })
  if (sink.text !== undefined) parser.on('text', (text) => sink.text?.(text))
  return {
    feed: (bytes) => {
      parser.write(decoder.decode(bytes, { stream: true }))
    },
    end: () => {
      parser.write(decoder.decode())
      parser.close()
    },
  }
}
