// The card of the printer: listing, printing from it, and writing to it.
import { argument, type Card, type Firmware, type Handler, type Output, word } from '../firmware-state.ts'

/** Half a minute of printing with a heater that is kept cool, so that a card is never empty. */
const sample = (): string => {
  const lines = ['G28', 'G90', 'M82', 'G92 E0', 'G1 Z0.3 F3000']
  for (let n = 0; n < 90; n++) {
    const angle = (n / 30) * 2 * Math.PI
    lines.push(`G1 X${(50 + 20 * Math.cos(angle)).toFixed(3)} Y${(50 + 20 * Math.sin(angle)).toFixed(3)} F3000`)
  }
  return `${[...lines, 'M84'].join('\n')}\n`
}

export const fullCard = (): Card => ({
  selected: null,
  at: 0,
  printing: false,
  writing: null,
  files: { 'SMALL.GCO': sample(), 'ALONGF~1.GCO': sample() },
  reportInterval: 0,
  reportAt: 0,
})

const longNames: Readonly<Record<string, string>> = { 'ALONGF~1.GCO': 'a long file name.gcode' }

const nameOf = (text: string): string => argument(text).replace(/^\//, '').trim()

/** Commands of the card; firmware built without one knows none of them. */
const onCard =
  (handler: Handler): Handler =>
  (firmware, output, text, command) => {
    if (firmware.options.sdCard) return handler(firmware, output, text, command)
    output.lines.push(...firmware.model.dialect.unknown(text))
    return null
  }

const list: Handler = ({ card }, output, text) => {
  const long = / L\b/.test(text)
  const entries = Object.entries(card.files).map(
    ([name, content]) => `${name} ${content.length}${long ? ` ${longNames[name] ?? name}` : ''}`,
  )
  output.lines.push('Begin file list', ...entries, 'End file list')
  return null
}

const notifies = (firmware: Firmware, name: string): string[] =>
  firmware.options.prompts ? [`//action:notification ${name}\r`] : []

/** What M23 says; also what is heard when somebody chooses a file at the screen of the printer. */
export const select = (firmware: Firmware, output: Output, name: string): boolean => {
  const content = firmware.card.files[name]
  output.lines.push(`echo:Now fresh file: ${name}`)
  if (content === undefined) {
    output.lines.push(`open failed, File: ${name}.`)
    return false
  }
  output.lines.push(`File opened: ${name} Size: ${content.length}`, 'File selected', ...notifies(firmware, name))
  firmware.card = { ...firmware.card, selected: name, at: 0, printing: false }
  return true
}

export const startCardPrint = (firmware: Firmware, output: Output): void => {
  if (firmware.card.selected === null) return
  if (firmware.options.prompts) output.lines.push('//action:resume')
  firmware.card = { ...firmware.card, printing: true }
}

/** What M27 says. */
export const cardStatus = ({ card }: Firmware): string => {
  const size = card.selected === null ? 0 : (card.files[card.selected]?.length ?? 0)
  return card.printing ? `SD printing byte ${card.at}/${size}\r` : 'Not SD printing'
}

/** The next command of a print from the card goes into the command buffer, where there is room. */
export const readCard = (firmware: Firmware, output: Output): void => {
  const { card, options } = firmware
  if (!card.printing || card.selected === null || firmware.queue.length >= options.commandBuffer - 1) return
  const content = card.files[card.selected] ?? ''
  const end = content.indexOf('\n', card.at)
  if (end < 0) {
    firmware.card = { ...card, printing: false, selected: null }
    output.lines.push('Done printing file')
    return
  }
  firmware.card = { ...card, at: end + 1 }
  firmware.queue = [...firmware.queue, { text: content.slice(card.at, end), number: -1, own: true }]
}

/** While a file is written, every line goes into it instead of being carried out; M29 ends that. */
export const writeToCard = (firmware: Firmware, output: Output, text: string): void => {
  const { card } = firmware
  if (card.writing === null) return
  if (text.includes('M29')) {
    output.lines.push('Done saving file.')
    firmware.card = { ...card, writing: null }
    return
  }
  const written = `${card.files[card.writing] ?? ''}${text}\n`
  firmware.card = { ...card, files: { ...card.files, [card.writing]: written } }
}

const remove: Handler = (firmware, output, text) => {
  const name = nameOf(text)
  const { [name]: gone, ...files } = firmware.card.files
  output.lines.push(gone === undefined ? `Deletion failed, File: ${name}.` : `File deleted:${name}`)
  firmware.card = { ...firmware.card, files }
  return null
}

const write: Handler = (firmware, output, text) => {
  const name = nameOf(text)
  output.lines.push(`echo:Now fresh file: ${argument(text)}`, `Writing to file: ${name}`, ...notifies(firmware, name))
  firmware.card = { ...firmware.card, writing: name, files: { ...firmware.card.files, [name]: '' } }
  return null
}

const report: Handler = (firmware, output, text) => {
  const seconds = word(text, 'S')
  if (seconds === undefined) output.lines.push(cardStatus(firmware))
  else {
    const reportInterval = seconds * 1000
    firmware.card = { ...firmware.card, reportInterval, reportAt: firmware.now + reportInterval }
  }
  return null
}

const stop: Handler = (firmware) => {
  firmware.card = { ...firmware.card, printing: false }
  return null
}

export const cardCommands: Readonly<Record<string, Handler>> = Object.fromEntries(
  Object.entries<Handler>({
    M20: list,
    M21: (_firmware, output) => {
      output.lines.push('echo:SD card ok')
      return null
    },
    M23: (firmware, output, text) => {
      select(firmware, output, nameOf(text))
      return null
    },
    M24: (firmware, output) => {
      startCardPrint(firmware, output)
      return null
    },
    M25: stop,
    M27: report,
    M28: write,
    M29: () => null,
    M30: remove,
    M33: (_firmware, output, text) => {
      const name = nameOf(text)
      output.lines.push(`/${longNames[name] ?? name}`)
      return null
    },
    M524: stop,
  }).map(([code, handler]) => [code, onCard(handler)]),
)
