// One tool on one file, in a process of its own: node --import tsx tool.ts NAME FILE [ROUNDS]. Prints one line of JSON.
import { fstatSync, openSync, readFileSync, readSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Analyser, readHeadAndTail, TextReader, ToolpathReader } from '../../../gcode/index.ts'

interface Measured {
  /** Of the fastest round, in seconds. */
  readonly seconds: number
  readonly peakMemoryMB: number
  readonly note?: number
}

type Tool = (path: string, rounds: number) => Measured

const CHUNK = 1 << 20

const peak = (): number => {
  const status = readFileSync('/proc/self/status', 'latin1')
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1000
}

const fastest = (rounds: number, work: () => number): Measured => {
  let seconds = Number.POSITIVE_INFINITY
  let note = 0
  for (let round = 0; round < rounds; round++) {
    const from = performance.now()
    note = work()
    seconds = Math.min(seconds, (performance.now() - from) / 1000)
  }
  return { seconds, peakMemoryMB: peak(), note }
}

/** All of the file in memory, as a browser has it. */
const analyseWhole: Tool = (path, rounds) => {
  const bytes = readFileSync(path)
  return fastest(rounds, () => {
    const analyser = new Analyser()
    for (let at = 0; at < bytes.length; at += CHUNK) analyser.feed(bytes.subarray(at, at + CHUNK))
    return analyser.result().motionSeconds
  })
}

/** Read as it is fed, as the server does. The same file over and over makes a long one. */
const analyseChunks: Tool = (path, rounds) => {
  const analyser = new Analyser()
  const chunk = Buffer.alloc(CHUNK)
  return fastest(1, () => {
    for (let round = 0; round < rounds; round++) {
      const file = openSync(path, 'r')
      for (let at = 0; ; ) {
        const read = readSync(file, chunk, 0, CHUNK, at)
        if (read === 0) break
        at += read
        analyser.feed(chunk.subarray(0, read))
      }
    }
    return analyser.result().motionSeconds
  })
}

/** The parser that gcode-preview makes in its constructor, which then fails for want of a canvas. */
const gcodePreview: Tool = (path, rounds) => {
  const { WebGLPreview } = createRequire(import.meta.url)('gcode-preview') as {
    WebGLPreview: new (o: object) => object
  }
  let parser: { parseGCode(text: string): object } | undefined
  Object.defineProperty(WebGLPreview.prototype, 'parser', {
    set: (made) => {
      parser = made
    },
    get: () => parser,
  })
  try {
    new WebGLPreview({})
  } catch {
    // It has no canvas; its parser is there.
  }
  const text = readFileSync(path, 'latin1')
  return fastest(rounds, () => Object.keys(parser?.parseGCode(text) ?? {}).length)
}

const gcodeParser: Tool = (path, rounds) => {
  const { parseLine } = createRequire(import.meta.url)('gcode-parser') as { parseLine(line: string): object }
  const text = readFileSync(path, 'latin1')
  return fastest(rounds, () => {
    let lines = 0
    for (const line of text.split('\n')) if (parseLine(line)) lines++
    return lines
  })
}

/** Head and tail alone, in a process that has done nothing else: the first round is the cold one. */
const metadata: Tool = (path) => {
  const file = openSync(path, 'r')
  const { size } = fstatSync(file)
  const from = performance.now()
  const head = Buffer.alloc(Math.min(CHUNK, size))
  const tail = Buffer.alloc(Math.min(CHUNK, size))
  readSync(file, head, 0, head.length, 0)
  readSync(file, tail, 0, tail.length, size - tail.length)
  const found = readHeadAndTail(head, tail, size)
  const seconds = (performance.now() - from) / 1000
  return { seconds, peakMemoryMB: peak(), note: found.layerHeight ?? 0 }
}

/** Text that comes out of a binary file; `note` is how many MB of it. */
const bgcode: Tool = (path, rounds) => {
  const bytes = readFileSync(path)
  return fastest(rounds, () => {
    let size = 0
    const reader = new TextReader({
      text: (text) => {
        size += text.length
      },
    })
    for (let at = 0; at < bytes.length; at += CHUNK) reader.feed(bytes.subarray(at, at + CHUNK))
    reader.end()
    return size / 1e6
  })
}

/** Bytes of result to a point; the seconds are for all of it. */
const toolpathAll: Tool = (path, rounds) => {
  const bytes = readFileSync(path)
  return fastest(rounds, () => {
    let size = 0
    const reader = new ToolpathReader({
      layer: ({ buffer }) => {
        size += buffer.byteLength
      },
    })
    for (let at = 0; at < bytes.length; at += CHUNK) reader.feed(bytes.subarray(at, at + CHUNK))
    return size / reader.end().points
  })
}

/** Until the third layer can be drawn, cold. */
const toolpathFirst: Tool = (path) => {
  const bytes = readFileSync(path)
  const from = performance.now()
  let layers = 0
  const reader = new ToolpathReader({ layer: () => void layers++ })
  for (let at = 0; layers < 3; at += 1 << 16) reader.feed(bytes.subarray(at, at + (1 << 16)))
  return { seconds: (performance.now() - from) / 1000, peakMemoryMB: peak(), note: layers }
}

const tools: Readonly<Record<string, Tool>> = {
  analyseWhole,
  analyseChunks,
  metadata,
  bgcode,
  toolpathAll,
  toolpathFirst,
  gcodePreview,
  gcodeParser,
}

const [name = '', path = '', rounds = '1'] = process.argv.slice(2)
const tool = tools[name]
if (tool === undefined) throw new Error(`There is no tool ${name}.`)
console.log(JSON.stringify(tool(path, Number(rounds))))
