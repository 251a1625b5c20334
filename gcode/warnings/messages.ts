// Warnings as sentences for the person who sends the file: what would happen, what to do.
import type { WarningCode, WarningValues } from './warning.ts'

type Sentence = (values: WarningValues) => string

const sides: Readonly<Record<string, string>> = {
  left: 'the left edge',
  right: 'the right edge',
  front: 'the front edge',
  back: 'the back edge',
  rim: 'the rim',
}

const edge = (values: WarningValues): string => sides[String(values['side'])] ?? 'the edge'

const sameTool = (values: WarningValues): string => `for tool T${values['tool']}`

const space = {
  'extrusion-outside': (v) =>
    `The print reaches ${v['mm']} mm beyond ${edge(v)} of the bed. Move or scale it in the slicer, or choose a larger printer.`,
  'travel-outside': (v) =>
    `The nozzle is sent ${v['mm']} mm beyond ${edge(v)} of the bed. Check the start and end G-code of the slicer's printer profile.`,
  'extrusion-too-high': (v) =>
    `The print is ${v['mm']} mm higher than the ${v['height']} mm that the printer reaches. Scale or cut it, or choose a taller printer.`,
  'travel-too-high': (v) =>
    `The nozzle is lifted ${v['mm']} mm above the ${v['height']} mm that the printer reaches. Check the end G-code of the slicer's printer profile.`,
  'below-bed': (v) =>
    `The nozzle is sent ${v['mm']} mm below the surface of the bed and would scratch it. Check the Z offset in the slicer.`,
  'extrusion-in-zone': (v) =>
    `The print lies in the zone "${v['zone']}", which the nozzle must keep out of. Move it in the slicer.`,
  'travel-through-zone': (v) =>
    `The nozzle travels through the zone "${v['zone']}" and could hit what is there. Move the print in the slicer.`,
  'not-homed': (v) =>
    `${v['axes']} is moved before it is homed: the printer does not know where it is. Put G28 before the first move.`,
  'lift-before-homing': () => 'Z is moved before it is homed; if it is only a small lift, that is usual.',
} satisfies Partial<Record<WarningCode, Sentence>>

const heat = {
  'nozzle-too-hot': (v) =>
    `The file heats the nozzle to ${v['target']} °C; this printer may go to ${v['most']} °C. Choose another material or printer.`,
  'bed-too-hot': (v) =>
    `The file heats the bed to ${v['target']} °C; this printer may go to ${v['most']} °C. Choose another material or printer.`,
  'chamber-too-hot': (v) =>
    `The file heats the chamber to ${v['target']} °C; this printer may go to ${v['most']} °C. Choose another material or printer.`,
  'no-heated-bed': () => 'The file heats the bed, but this printer has no heated bed. The print may come loose.',
  'cold-extrusion': (v) =>
    `Filament is fed while the nozzle is set to ${v['target']} °C; below ${v['minimum']} °C the printer feeds none. Check the temperatures in the slicer.`,
  'nozzle-never-heated': () =>
    'Filament is fed, but the file does not heat the nozzle. Put the temperatures into the start G-code of the slicer.',
  'heater-left-on': (v) =>
    `The file ends with the nozzle at ${v['target']} °C and switches nothing off. Add an end G-code in the slicer.`,
  'nozzle-mismatch': (v) =>
    `The file is sliced for a nozzle of ${v['file']} mm, but the printer has ${v['printer']} mm ${sameTool(v)}. Slice it again for this nozzle.`,
  'material-mismatch': (v) =>
    `The file is sliced for ${v['file']}, but ${v['printer']} is loaded ${sameTool(v)}. Change the filament or slice it again.`,
  'no-such-tool': (v) =>
    `The file uses tool T${v['tool']}; this printer has ${v['tools']}. Slice it for fewer tools, or choose another printer.`,
} satisfies Partial<Record<WarningCode, Sentence>>

const language = {
  'klipper-command': (v) =>
    `${v['command']} is a command for Klipper; this printer (${v['dialect']}) does not know it. Slice with a profile for this printer.`,
  'reprapfirmware-command': (v) =>
    `${v['command']} is meant for RepRapFirmware; this printer (${v['dialect']}) would not do what is meant. Slice with a profile for this printer.`,
  'bambu-command': (v) =>
    `${v['command']} shows that the file is made for a printer by Bambu Lab: its start and end would go wrong here. Slice with a profile for this printer.`,
  'flavour-mismatch': (v) =>
    `The file is written for the firmware "${v['flavour']}", this printer speaks ${v['dialect']}: speeds and settings may be read wrongly. Choose the right G-code flavour in the slicer.`,
  'volumetric-extrusion': () =>
    'The file gives filament as a volume (M200), which this printer does not understand: it would feed far too much or too little. Switch volumetric E off in the slicer.',
  arcs: () =>
    'The file contains arcs (G2, G3), which this printer does not understand. Switch arc fitting off in the slicer.',
  'firmware-retraction': () =>
    'The file leaves retraction to the firmware (G10, G11), which this printer does not do: the print would be full of strings. Switch firmware retraction off in the slicer.',
  placeholder: (v) =>
    `The placeholder ${v['placeholder']} was not replaced by a value. Check the spelling in the slicer's custom G-code and slice again.`,
  'bad-number': (v) =>
    `${v['word']} has no proper number. The file is damaged, or a script has spoilt it: slice it again.`,
  'absurd-number': (v) =>
    `${v['axis']} is sent to a place that no printer reaches. The file is damaged: slice it again.`,
  'zero-feedrate': () => 'A move has a feedrate of 0. Check the speeds in the slicer.',
  'no-feedrate': () => 'The first moves have no feedrate: how fast they are is left to the printer.',
  'overlong-line': (v) =>
    `${v['lines']} lines are longer than a megabyte and were not read to their end. This may not be G-code.`,
  'command-too-long': (v) =>
    `${v['command']} is longer than the ${v['longest']} characters that this printer takes: it is left out.`,
} satisfies Partial<Record<WarningCode, Sentence>>

const commands = {
  'waits-for-person': (v) =>
    `${v['command']} stops the print until somebody presses a button, and nobody is there. Remove the pause in the slicer.`,
  'filament-change': (v) => `${v['command']} waits for somebody to change the filament. Be there when it is time.`,
  'ends-wait': (v) => `${v['command']} ends a wait for temperature: what follows may begin too cold.`,
  'sd-card': (v) => `${v['command']} reads, prints or writes files on the printer's own card. Remove it from the file.`,
  logging: (v) => `${v['command']} makes the printer write a log to its card. Remove it from the file.`,
  eeprom: (v) => `${v['command']} changes the settings stored in the printer. Remove it from the file.`,
  'firmware-restart': (v) =>
    `${v['command']} restarts the printer or changes its firmware, and the print with it ends. Remove it from the file.`,
  'emergency-stop': (v) =>
    `${v['command']} is the emergency stop: the printer would halt until it is reset. Remove it from the file.`,
  'quick-stop': (v) => `${v['command']} stops all motion at once and loses the position. Remove it from the file.`,
  'switches-pin': (v) => `${v['command']} switches a pin of the printer's board. Make sure of what is connected there.`,
  'reserved-pin': (v) =>
    `${v['command']} switches pin ${v['pin']}, which is reserved on this printer. Remove it from the file.`,
  'power-off': (v) => `${v['command']} switches the power off: nobody can be told when the print is done.`,
  autotune: (v) =>
    `${v['command']} starts a calibration of the heaters in the middle of a print. Remove it from the file.`,
  'lasting-change': (v) =>
    `${v['command']} changes the calibration of the printer, also for the prints after this one. Put it into the printer's own settings.`,
  configuration: (v) =>
    `${v['command']} changes the configuration of the printer, also for the prints after this one. Put it into the printer's own settings.`,
  network: (v) => `${v['command']} changes the name, password or network of the printer. Remove it from the file.`,
  'cutting-tool': (v) => `${v['command']} is for a laser or a spindle: this file is not for a 3D printer.`,
  'file-cut-off': (v) =>
    `The file ends in the middle of a print, at line ${v['lines']}: part of it is missing. Upload it again.`,
  'no-extrusion': () => 'The file feeds no filament: nothing would be printed.',
  'empty-file': () => 'The file holds no commands. Upload it again.',
} satisfies Partial<Record<WarningCode, Sentence>>

const sentences: Readonly<Record<WarningCode, Sentence>> = { ...space, ...heat, ...language, ...commands }

export const messageOf = (code: WarningCode, values: WarningValues): string => sentences[code](values)
