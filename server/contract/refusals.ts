// What is answered when something is refused: a code for programs, a sentence for people, and the values in it.
import * as Type from 'typebox'
import { Broken } from './booking-rules.ts'
import { Proposal } from './bookings.ts'
import { sourceSentences } from './source-refusals.ts'

export const Refusal = Type.Object({
  code: Type.String(),
  /** English; the dashboard says it in the person's language by its code. */
  message: Type.String(),
  values: Type.Optional(Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]))),
  /** Of a booking: every rule that it breaks, and the nearest times that could be booked instead. */
  broken: Type.Optional(Type.Array(Broken)),
  alternatives: Type.Optional(Type.Array(Proposal)),
})
export type Refusal = Type.Static<typeof Refusal>

/** Status and sentence by code. A sentence says what happened and what to do next. */
const sentences = {
  ...sourceSentences,
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

  'design.missing': [404, 'There is no such design.'],
  'design.file-missing': [404, 'There is no such file in a design.'],
  'design.ask-steward': [409, '{name} may not be printed yet: {why}. Ask a steward on its page.'],
  'design.not-allowed': [409, 'A steward has decided that {name} is not printed here.'],
  'design.no-question': [409, 'The licence of {name} allows printing: nobody needs to be asked.'],
  'design.no-source': [409, '{name} was not pulled from anywhere, so there is nothing newer to look for.'],
  'design.nothing-new': [409, 'The newest version of {name} is here already.'],
  'design.licence': [409, 'This cannot be published: {reason}.'],
  'design.empty': [422, 'A design needs at least one file. Choose what belongs to it.'],
  'design.not-yours': [403, 'Only who brought {name} here, or a steward, may do this.'],
  'pull.missing': [404, 'There is no such pull.'],
  'pull.ended': [409, 'This pull has ended already.'],
  'pull.many': [409, 'You have {count} pulls under way. Wait until one is done, or cancel one.'],
  'tray.missing': [404, 'This upload is no longer here. Begin it again.'],
  'tray.path': [422, '{path} is no name for a file of a design.'],
  'tray.full': [413, 'An upload holds {count} files at the most.'],
  'list.missing': [404, 'There is no such list.'],
  'make.missing': [404, 'There is no such report.'],
  'make.other-print': [422, 'This print was not made of this design.'],
  'picture.kind': [415, 'This is no JPEG, PNG or WebP picture.'],
  'picture.large': [413, 'A picture may have 12 MB at the most.'],
  'label.nothing': [404, 'Nothing in this job comes from a design, so it has no label.'],
  'catalogue.closed': [404, 'The catalogue of this workshop is not public.'],
  'derived.in-use': [409, '{name} stays: something was made of it.'],
  'derived.unknown': [404, 'Where this shape came from is no longer known. Make it again.'],
  'design.no-gcode': [422, '{name} is no G-code. Open it as a model, and slice it.'],
  'model.missing': [404, 'This model is no longer here. Open its design again.'],
  'model.kind': [415, '{name} is no model that can be read. STL, 3MF, OBJ, AMF and STEP can.'],
  'model.unread': [409, 'The model is still being read. Try again in a moment.'],
  'model.failed': [422, 'The model cannot be used: {reason}'],
  'model.open': [409, 'The surface of the model is not closed, so a piece of it might be left out. Repair it first.'],
  'model.whole': [409, 'The model is whole: there is nothing to repair.'],
  'model.many': [429, 'You have {count} requests under way. Wait until some are done.'],
  'model.scale': [422, 'A part cannot be scaled to nothing.'],
  'model.work-missing': [404, 'This request was forgotten. Ask again.'],
  'scad.tree': [422, 'Some files of the design are not here: {paths}.'],
  'scad.entry': [422, '{path} is no OpenSCAD file of this design.'],
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
  'job.copies': [409, '{count} of them are done or printing already. Cancel the job, or ask for at least as many.'],
  'job.one-or-tags': [422, 'A job goes to one printer, or to those with certain tags: choose one of both.'],
  'job.priority': [403, 'That a job comes before others is decided by who runs the machines.'],
  'job.attends': [422, 'Who is to be there at the start is not a member of this workshop.'],
  'job.no-tag': [422, 'No printer has the tags {tags}. Choose others, or leave them out.'],
  'approval.answered': [409, 'Nobody waits for this yes any more.'],
  'approval.reason': [422, 'Say why not: its member reads it and can mend it.'],
  'job.never-fits': [422, '{name} fits no printer of this workshop: {detail}.'],

  'filament.missing': [404, 'There is no such filament.'],
  'filament.in-use': [409, 'There is or was a spool of it, so it stays on record.'],
  'spool.missing': [404, 'There is no such spool.'],
  'spool.retired': [409, 'Spool {id} was put away. Take it back into use first.'],
  'spool.no-tare': [
    422,
    'It is not known what this spool weighs when it is empty. Enter that first, or the filament alone.',
  ],
  'spool.lighter': [422, 'That is less than the empty spool weighs ({empty} g). Look at the scales again.'],
  'spoolman.address': [422, 'This is no address of a Spoolman server. Write it as http://192.168.1.5:7912.'],
  'spoolman.away': [409, 'Spoolman cannot be shared with: {reason}'],
  'task.missing': [404, 'There is no such task.'],
  'task.interval': [422, 'Say every how many hours, metres, prints or days it is due.'],
  'printer.in-service': [409, '{name} is in service already.'],
  'job.not-waiting': [409, 'The job does not wait any more.'],
  'schedule.date': [422, '{date} is there twice, or is no date. Give each date one line.'],
  'circuit.missing': [404, 'There is no such circuit.'],
  'circuit.name-taken': [409, 'There is a circuit called {name} already.'],

  'booking.too-early': [409, 'It is too early: you can check in from {from} on.'],
  'booking.over': [
    409,
    'This booking has ended or was given back meanwhile. Book again, if the printer is still free.',
  ],
  'booking.not-begun': [409, 'It has not begun yet. Cancel it instead.'],
  'booking.no-other': [409, 'No printer like {printer} is free for all of that time. Choose another time.'],
  'booking.nothing-prints': [409, 'Nothing of somebody else prints on {printer} now.'],
  'booking.none-here': [409, 'You have not booked {printer} for now.'],
  'check-in.code': [
    404,
    'This is the code of no printer here. Its sign may be an old one; tell who runs the machines.',
  ],
  'waiting.offer-over': [409, 'This time is not kept for you any more. You are still on the list.'],
  'notice.missing': [404, 'This notice is no longer on your list.'],
  'notice.always-quiet': [422, 'These quiet hours never end. Give them an end that is not their beginning.'],
  'calendar.missing': [404, 'There is no such link.'],
  'calendar.many': [409, 'You have {count} links already. Revoke those that no calendar uses.'],
  'calendar.gone': [404, 'This link works no more. Make a new one on the page of your account.'],
  'holiday.unread': [422, 'No days could be read from {name}: {reason}'],
  'holiday.address': [422, 'This address cannot be read from: {reason}'],
  'holiday.missing': [404, 'There is no such calendar or day.'],
  'holiday.full': [409, 'There are {count} special dates already. Take out those that are over, then accept this one.'],
  'holiday.decided': [409, 'Somebody has decided on this day meanwhile.'],

  'print.missing': [404, 'There is no such print.'],
  'print.no-record': [409, 'It is not known how far this print had come, so it cannot be gone on with.'],
  'print.decided': [409, 'What becomes of this print was decided meanwhile.'],
  'print.resume': [409, '{reason}'],
  'print.preview-old': [409, 'The lines have changed since they were shown. Look at them again, then go on.'],
  'printer.no-log': [404, 'The bridge of {name} does not answer, and nothing was kept of its wire.'],
  'plug.trouble': [409, '{reason}'],
  'plug.none': [404, '{name} has no smart plug.'],

  'booking.missing': [404, 'There is no such booking.'],
  'booking.rules': [409, '{reasons}'],
  'booking.taken': [409, '{printer} is not free then. {hint}'],
  'booking.no-printer': [422, 'No printer that you may book can do this: {reasons}.'],
  'booking.time': [422, '{time} is no time of a calendar. Choose another.'],
  'booking.state': [409, 'This booking is {state}: it cannot be changed any more.'],
  'booking.begun': [409, 'It has begun: it can be made longer or shorter, but not moved.'],
  'booking.key': [409, 'The same key was used for another booking. Send a new one.'],
  'booking.late': [
    409,
    'It begins in less than {notice}. You can still cancel it, but its time then counts as held: say so once more.',
  ],
  'booking.extend': [409, 'Nothing can be added: somebody has {printer} from {at}.'],
  'booking.no-file': [422, 'Say how long, or for which file.'],
  'booking.range': [422, 'The end must come after the start, and within {days} days of it.'],
  'series.missing': [404, 'There is no such series.'],
  'series.rule': [422, 'The repetition cannot be read: {reason}.'],
  'series.empty': [422, 'None of its dates can be booked: {reason}'],
  'handover.missing': [404, 'There is no such offer.'],
  'handover.nobody': [422, 'There is no member called {name} to whom it could go.'],
  'handover.self': [422, 'It is yours already.'],
  'handover.answered': [409, 'This offer was answered already, or has lapsed.'],
  'handover.open': [409, 'It is offered to somebody already. Take that back first.'],
  'waiting.missing': [404, 'You do not wait for this any more.'],
  'waiting.many': [409, 'You wait for {count} times already. Give up one of them first.'],
  'waiting.range': [422, 'So much time does not lie between its two ends. Let it begin sooner or end later.'],
  'block.changed': [409, 'Other bookings lie in this time than those you have seen. Look at them again, then go on.'],
  'block.taken': [409, '{printer} is taken for maintenance or an event already, from {from} to {until}.'],
  'rules.missing': [404, 'There are no such rules.'],
  'rules.crossed': [422, 'The shortest booking would be longer than the longest.'],
  'qualification.missing': [404, 'There is no such qualification.'],
  'qualification.name-taken': [409, 'There is a qualification called {name} already.'],
  'qualification.expiry': [422, 'Say after how many days it ends, or that it never ends.'],
  'qualification.printers': [422, 'It names a printer that is not here.'],
  'qualification.nobody': [422, 'There is no member called {name}.'],
  'qualification.level': [403, 'You may not grant {level} here. Ask a host of it, or a steward.'],
  'qualification.self': [
    403,
    'Nobody grants himself what he learnt. Ask another mentor, or as a steward give the evidence.',
  ],
  'qualification.revoked': [409, 'It was revoked already.'],
  'qualification.lacking': [403, '{reason} {step}'],

  'printer.missing': [404, 'There is no such printer.'],
  'printer.name-taken': [409, 'There is a printer called {name} already.'],
  'printer.port-taken': [409, 'The printer {name} uses this port already.'],
  'printer.port': [422, '{address} is no port. Choose one of the list, or write /dev/ttyUSB0 or tcp://host:port.'],
  'printer.printing': [409, '{name} is printing. Wait for its end, or cancel the print.'],
  'printer.bed-clear': [409, 'The bed of {name} is clear already.'],
  'printer.bridge-away': [409, 'The bridge {bridge} does not answer. Is its computer on?'],
  'command.state': [409, '{name} is {state}: this cannot be done now.'],
  'stop.lost': [504, 'The stop has not reached {name}. Switch the printer off at its plug, then look at its bridge.'],
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
