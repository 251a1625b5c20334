// What is known of the firmware at the other end, and how it came to be known.
import type { DialectName } from './protocol/dialect.ts'
import type { Reply } from './protocol/reply.ts'
import { type ToldDialect, tellDialect, versionOf } from './protocol/tell-dialect.ts'

export interface FirmwareFacts {
  readonly name: string
  readonly version: string | null
  readonly machine: string | null
  readonly extruders: number
  /** By the names of M115. */
  readonly capabilities: Readonly<Record<string, boolean>>
  readonly dialect: DialectName
  /** Who told the dialect: M115, the way the firmware speaks, people, or nobody. */
  readonly dialectBy: ToldDialect['by'] | 'people'
  /** Each `ok` tells how full the firmware's buffers are. */
  readonly advancedOk: boolean
  /** A print from the printer's own storage that was under way, in bytes; null: none, or it cannot tell. */
  readonly cardPrint: { readonly done: number; readonly total: number } | null
}

/** What was heard while greetings were exchanged. */
export interface Heard {
  readonly replies: readonly Reply[]
  readonly lines: readonly string[]
}

/** More extruders than this are a misread number. */
const MOST_EXTRUDERS = 16

const fieldsOf = (replies: readonly Reply[]): Readonly<Record<string, string>> => {
  const fields: Record<string, string> = {}
  for (const reply of replies) if (reply.kind === 'firmware') Object.assign(fields, reply.fields)
  return fields
}

export const factsOf = (heard: Heard, wanted: DialectName | 'auto', advancedOk: boolean): FirmwareFacts => {
  const fields = fieldsOf(heard.replies)
  const capabilities: Record<string, boolean> = {}
  let cardPrint: FirmwareFacts['cardPrint'] = null
  for (const reply of heard.replies) {
    if (reply.kind === 'capability') capabilities[reply.name] = reply.on
    if (reply.kind === 'card') {
      cardPrint = reply.state === 'printing' ? { done: reply.done, total: reply.total } : null
    }
  }
  const told = tellDialect({ fields, lines: heard.lines })
  return {
    name: (fields['FIRMWARE_NAME'] || 'unknown firmware').replace(/\s*\(.*$/, '').slice(0, 80),
    version: versionOf(fields),
    machine: fields['MACHINE_TYPE'] ?? fields['ELECTRONICS'] ?? null,
    extruders: Math.max(1, Math.min(MOST_EXTRUDERS, Number.parseInt(fields['EXTRUDER_COUNT'] ?? '1', 10) || 1)),
    capabilities,
    dialect: wanted === 'auto' ? told.dialect : wanted,
    dialectBy: wanted === 'auto' ? told.by : 'people',
    advancedOk,
    cardPrint,
  }
}
