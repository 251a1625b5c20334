// The last lines of a printer's wire, for who wants to find out what went wrong.
import * as Type from 'typebox'
import { endpoint } from './endpoint.ts'
import { IdParams } from './values.ts'

/** Text, to be downloaded. */
export const printerLog = endpoint({
  method: 'GET',
  url: '/api/printers/:id/log',
  summary: 'The last 200 lines each way between bridge and printer, as text; with those of its last failure, if any',
  access: 'mind-own-prints',
  params: IdParams,
  reply: Type.Unknown(),
})
