// Smart plugs: what switches a printer on before a print, and off when it has cooled down.
import * as Type from 'typebox'
import { endpoint } from './endpoint.ts'
import { IdParams, Nothing, nullable, oneOf } from './values.ts'

/** The API that a plug speaks: Tasmota's, Shelly's of the first generation, and of the second and later ones. */
export const plugKinds = ['tasmota', 'shelly-1', 'shelly-2'] as const
export type PlugKind = (typeof plugKinds)[number]

const settings = {
  kind: oneOf(...plugKinds),
  /** `192.168.1.30`, or with a port; a name is taken as well. */
  address: Type.String({
    minLength: 1,
    maxLength: 253,
    pattern: '^(\\[[0-9a-fA-F:.]+\\]|[A-Za-z0-9._-]+)(:\\d{1,5})?$',
  }),
  /** Which of its outlets, from 0. */
  outlet: Type.Integer({ minimum: 0, maximum: 7 }),
  userName: nullable(Type.String({ maxLength: 80 })),
  onBeforePrint: Type.Boolean(),
  /** Minutes that it must have stood idle and cool; null: it is never switched off by itself. */
  offAfterMinutes: nullable(Type.Integer({ minimum: 1, maximum: 1440 })),
  /** Also at an address outside of private networks. */
  anywhere: Type.Boolean(),
}

export const Plug = Type.Object({
  ...settings,
  hasPassword: Type.Boolean(),
  /** As it said last; null: it was not asked yet. */
  isOn: nullable(Type.Boolean()),
  /** Why it could not be asked last; null where it answered. */
  trouble: nullable(Type.String()),
})
export type Plug = Type.Static<typeof Plug>

/** `password`: left out, the one that is kept stays; null takes it away. */
export const PlugSettings = Type.Object({
  ...settings,
  password: Type.Optional(nullable(Type.String({ maxLength: 200 }))),
})
export type PlugSettings = Type.Static<typeof PlugSettings>

export const showPlug = endpoint({
  method: 'GET',
  url: '/api/printers/:id/plug',
  summary: 'The smart plug of a printer, if it has one',
  access: 'look',
  params: IdParams,
  reply: Type.Object({ plug: nullable(Plug) }),
})

export const setPlug = endpoint({
  method: 'PUT',
  url: '/api/printers/:id/plug',
  summary: 'Says which smart plug switches a printer; the plug is asked at once',
  access: 'set-up-printers',
  params: IdParams,
  body: PlugSettings,
  reply: Type.Object({ plug: nullable(Plug) }),
})

export const removePlug = endpoint({
  method: 'DELETE',
  url: '/api/printers/:id/plug',
  summary: 'The printer has no smart plug any more; nothing is switched',
  access: 'set-up-printers',
  params: IdParams,
  reply: Nothing,
})

export const switchPlug = endpoint({
  method: 'POST',
  url: '/api/printers/:id/power',
  summary: 'Switches a printer on or off by its smart plug; never off while it prints or is hot',
  access: 'run-printers',
  params: IdParams,
  body: Type.Object({ on: Type.Boolean() }),
  reply: Type.Object({ plug: nullable(Plug) }),
})
