// What is answered when something is refused: a code for programs, a sentence for people, and the values in it.
import * as Type from 'typebox'

export const Refusal = Type.Object({
  code: Type.String(),
  /** English; the dashboard says it in the person's language by its code. */
  message: Type.String(),
  values: Type.Optional(Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]))),
})
export type Refusal = Type.Static<typeof Refusal>

/** Status and sentence by code. A sentence says what happened and what to do next. */
const sentences = {
  'request.invalid': [400, '{detail}'],
  'session.none': [401, 'Sign in first.'],
  'session.wrong': [401, 'Name and password do not fit together.'],
  'session.foreign-page': [403, 'This request came from another page and was not carried out.'],
  'session.second-factor': [401, 'Write the six digits that your app shows now, or a recovery code.'],
  'session.wrong-code': [401, 'This code is wrong, or was used already. Wait for the next one and try again.'],
  'session.wrong-password': [403, 'This is not your password.'],
  'session.in-person': [403, 'A key cannot do this. Sign in and do it in person.'],
  'session.missing': [404, 'This session has ended already.'],
  'oidc.off': [404, 'This workshop has no other sign-in.'],
  'oidc.failed': [401, 'The other sign-in did not vouch for you. Start again; if it stays so, tell a steward.'],
  'oidc.away': [503, 'The other sign-in does not answer. Try again in a moment, or sign in with your password.'],
  'oidc.no-role': [403, 'You are known there, but in no group that may come in here. Ask a steward.'],
  'oidc.taken': [409, 'This identity belongs to another account of the workshop.'],
  'permission.missing': [403, 'Your role does not allow this. Ask a steward of the workshop.'],
  'rate.limited': [429, 'Too many tries. Wait {seconds} seconds, then try again.'],
  'route.unknown': [404, 'There is nothing at this address.'],
  'server.failed': [500, 'Something broke on the server. It is in the log as {reference}; tell a steward.'],
  'database.away': [503, 'The database does not answer. Printers go on printing; try again in a moment.'],
  'disk.full': [507, 'The disk of the workshop is full. Nothing was changed; a steward can delete old files.'],

  'setup.done': [409, 'This workshop is set up already. Sign in.'],
  'setup.code': [403, 'From another computer, the set-up code that the server printed at its start is needed.'],
  'site.zone': [422, '{zone} is not a time zone. Choose one such as Europe/Madrid.'],

  'member.name-taken': [409, 'There is a member called {name} already. Choose another name.'],
  'member.missing': [404, 'There is no such member.'],
  'member.last-steward': [409, 'A workshop needs a steward. Make somebody else one first.'],
  'member.by-groups': [409, 'The groups of the other sign-in set the role of {name}. Change them there.'],
  'member.printers': [422, 'A limit names a printer that is not here: {ids}.'],
  'invitation.missing': [404, 'This invitation was used already or has ended.'],
  'reset.spent': [410, 'This link was used already or has ended. Ask for a new one.'],
  'second-factor.on': [409, 'The second factor is on already. Turn it off first.'],
  'second-factor.off': [409, 'The second factor is not on.'],
  'second-factor.not-begun': [409, 'Begin again: the offered secret is no longer here.'],
  'key.missing': [404, 'There is no such key.'],
  'key.many': [409, 'You have {count} keys already. Revoke those that you no longer need.'],
  'key.scope': [403, 'Your role does not allow {scope}, so a key of yours cannot either.'],
  'invitation.spent': [410, 'This invitation was used already or has ended. Ask for a new one.'],

  'file.damaged': [422, '{name} cannot be read: {reason}'],
  'file.empty': [422, '{name} is empty. Save it again from the slicer and upload the new one.'],
  'file.model': [415, '{name} is a model, not G-code. Slice it first, then upload the G-code.'],
  'file.binary': [415, '{name} is not G-code that can be read. Export plain G-code from the slicer.'],
  'file.not-gcode': [415, '{name} holds no G-code. Export it again from the slicer.'],
  'file.name': [422, 'This is not a name for a file. Use letters, digits and .gcode at the end.'],
  'file.too-large': [413, 'The file is larger than the {megabytes} MB that this workshop takes.'],
  'file.cut-off': [
    400,
    'The upload was cut off after {received} of {expected} bytes. Nothing was kept; upload it again.',
  ],
  'file.duplicate': [409, 'This file is here already, as {name}. Queue that one.'],
  'file.missing': [404, 'This file is no longer here.'],
  'file.in-use': [409, '{name} is waiting or printing. Cancel its jobs first.'],
  'file.unread': [409, '{name} could not be read, so it cannot be printed: {reason}'],

  'slicing.script-line': [422, '{line} in {place} is not taken: {reason}.'],
  'slicing.script-letters': [422, 'There are letters in {place} that printers do not read. Write plain letters only.'],
  'slicing.script-word': [422, 'Nobody fills in {word} in {place}. Use one of the words that are listed.'],
  'slicing.script-homing': [422, 'The start must home the printer (G28) before it moves.'],
  'slicing.script-heating': [422, 'The start must heat the nozzle and wait for it (M109).'],
  'slicing.script-harm': [422, 'This would go wrong on the printer: {reason}'],
  'slicing.dialect': [409, 'A printer of this firmware is not here, so nothing can be tried.'],
  'slicing.profile-missing': [404, 'There is no profile {key} any more. Choose another one.'],
  'slicing.profile-built-in': [409, '{name} belongs to Auzolan and stays as it is. Save it under another name.'],
  'slicing.profile-name': [409, 'There is a profile called {name} already. Choose another name.'],
  'slicing.setting': [422, '{setting}: {reason}.'],
  'slicing.import': [422, '{name} cannot be read: {reason}.'],
  'slicing.definition': [422, 'There is no machine {definition}. Choose one of the list.'],
  'slice.engine': [422, '{engine} is not installed here. Choose another slicer, or none.'],
  'slice.engine-tree': [422, '{engine} knows no tree supports. Choose normal ones, or another slicer.'],
  'slice.engine-setting': [422, '{engine} does not know {setting}. Leave it out, or choose another slicer.'],
  'slice.class-missing': [409, 'None of these printers is here any more. Choose others.'],
  'slice.too-hot': [
    422,
    'This needs a nozzle of {nozzle} °C and a bed of {bed} °C, which none of these printers reaches.',
  ],
  'slice.no-bed': [422, '{material} needs a heated bed, and none of these printers has one.'],
  'slice.too-large': [422, 'This is {width} × {depth} × {height} mm: it fits none of these printers.'],
  'slice.model-missing': [404, 'The model is no longer here, or it was not read yet. Open it once, then slice.'],
  'slice.model-failed': [422, '{name} cannot be sliced: {reason}'],
  'slice.model-open': [422, '{name} is not closed, so a part of it would be missing. Have it repaired first.'],
  'slice.flat': [422, '{name} was scaled to nothing. Give it a size.'],
  'slice.overlapping': [422, '{one} and {other} stand in the same place. Move them apart.'],
  'slice.many-triangles': [422, 'These models have {triangles} triangles together; up to {most} are sliced at once.'],
  'slice.missing-slice': [404, 'This slice is no longer here.'],
  'slice.not-done': [409, 'This slice is not ready.'],
  'slice.many': [429, 'You have {count} slices under way. Wait until one is ready.'],
  'slice.foreign-command': [422, 'The slicer wrote {command}, which has no place in a print. It was not kept.'],
  'slice.nothing-laid': [422, 'The slicer laid no plastic at all. The part may be thinner than a line.'],
  'slice.height': [
    422,
    'The slice ends at {printed} mm, and the part is {wanted} mm high: a piece would be missing. Have the model repaired.',
  ],
  'slice.outside': [422, 'The slice goes {millimetres} mm beyond the part. It was not kept.'],
  'slice.missing': [422, 'The slice ends {millimetres} mm before the part does. Have the model repaired, or turn it.'],
  'slice.too-little': [
    422,
    'The slice lays {laid} cm³, too little for a part of {volume} cm³. Its walls may be thinner than a line.',
  ],
  'slice.too-much': [422, 'The slice lays {laid} cm³, too much for a part of {volume} cm³. It was not kept.'],
  'slice.harm': [422, 'The slice would go wrong on {printer}: {reason}'],
  'slice.failed': [422, 'The slicer did not finish: {reason}'],

  'job.missing': [404, 'This job is no longer here.'],
  'job.state': [409, 'The job is {state}: this cannot be done with it now.'],
  'job.never-fits': [422, '{name} fits no printer of this workshop: {detail}.'],

  'print.missing': [404, 'There is no such print.'],
  'print.no-record': [409, 'It is not known how far this print had come, so it cannot be gone on with.'],
  'print.decided': [409, 'What becomes of this print was decided meanwhile.'],
  'print.resume': [409, '{reason}'],
  'print.preview-old': [409, 'The lines have changed since they were shown. Look at them again, then go on.'],
  'printer.no-log': [404, 'The bridge of {name} does not answer, and nothing was kept of its wire.'],
  'plug.trouble': [409, '{reason}'],
  'plug.none': [404, '{name} has no smart plug.'],

  'printer.missing': [404, 'There is no such printer.'],
  'printer.name-taken': [409, 'There is a printer called {name} already.'],
  'printer.port-taken': [409, 'The printer {name} uses this port already.'],
  'printer.port': [422, '{address} is no port. Choose one of the list, or write /dev/ttyUSB0 or tcp://host:port.'],
  'printer.printing': [409, '{name} is printing. Wait for its end, or cancel the print.'],
  'printer.bed-clear': [409, 'The bed of {name} is clear already.'],
  'printer.bridge-away': [409, 'The bridge {bridge} does not answer. Is its computer on?'],
  'command.state': [409, '{name} is {state}: this cannot be done now.'],
  'command.missing': [404, 'There is no such command.'],
  'macro.missing': [404, '{name} has no macro {macro}. It may have been renamed; load the page anew.'],
  'routines.line': [422, '{line} in {place} is not taken: {reason}.'],
  'routines.twice': [422, 'Two macros are called {name}. Give each a name of its own.'],
  'command.forbidden': [422, '{command} is not sent from here: {reason}'],
} as const satisfies Record<string, readonly [number, string]>

export type RefusalCode = keyof typeof sentences

type Placeholders<S extends string> = S extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never

type Values = Record<string, string | number>

/** The values that a code's sentence needs; further ones may travel along for programs. */
export type RefusalValues<C extends RefusalCode> = Record<Placeholders<(typeof sentences)[C][1]>, string | number> &
  Values

/** A refusal by its code. A sentence without places needs no values. */
export const refuse = <C extends RefusalCode>(
  code: C,
  ...[values]: [Placeholders<(typeof sentences)[C][1]>] extends [never] ? [Values?] : [RefusalValues<C>]
): Refusal => {
  const given: Values = values ?? {}
  const message = sentences[code][1].replace(/\{(\w+)\}/g, (_, name: string) => String(given[name] ?? ''))
  return values === undefined ? { code, message } : { code, message, values: given }
}

export const statusOf = (refusal: Refusal): number => sentences[refusal.code as RefusalCode]?.[0] ?? 500

/** Thrown where an answer must leave through many floors; `plugins/errors.ts` turns it into the reply. */
export class Refused extends Error {
  readonly refusal: Refusal

  constructor(refusal: Refusal) {
    super(refusal.message)
    this.name = 'Refused'
    this.refusal = refusal
  }
}
