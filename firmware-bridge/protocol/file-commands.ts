// Commands in a file that would take the printer out of the host's hands: they are left out of a streamed print.

const leftOut: readonly [RegExp, string][] = [
  [/^(?:@|%)/, 'is for another program and not for the printer'],
  [/^M110(?!\d)/i, 'would break the line numbers'],
  [/^M112(?!\d)/i, 'would stop the printer in the middle of the file'],
  // M28 would write the rest of the print to the card; M30 ends a program elsewhere, and deletes a file in Marlin.
  [/^M(?:2|2[0-9]|3[0-4]|524|928)(?!\d)/i, 'belongs to the card of the printer'],
  [/^M(?:108|876)(?!\d)/i, 'answers a question that nobody has asked yet'],
  [/^M(?:113|154|155)(?!\d)/i, 'changes what the printer reports to this program'],
  [/^M575(?!\d)/i, 'would change the baud rate and lose the printer'],
  [/^M(?:997|999)(?!\d)/i, 'would restart the firmware'],
  // Marlin says it after the host, word for word: `ok`, `Resend` and actions can be forged with it.
  [/^M118(?!\d).*(?:action:|\bok\b|resend|\brs\b|error|!!)/i, 'would speak in the name of the firmware'],
]

/** Why a command of a file is not sent, as the end of a sentence that begins with it; null where it is. */
export const whyLeftOut = (command: string): string | null => {
  // Moves are by far the most.
  if (command.charCodeAt(0) === 71) return null
  return leftOut.find(([pattern]) => pattern.test(command))?.[1] ?? null
}
