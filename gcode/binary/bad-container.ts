/** A file that is no G-code, or is damaged, or wants more than is given to one. The message is for people. */
export class BadContainer extends Error {
  override readonly name = 'BadContainer'
}

/** A file that was whole once: says what is wrong, and what to do. */
export const damaged = (what: string, options?: ErrorOptions): BadContainer =>
  new BadContainer(`This file is damaged: ${what}. Export it from the slicer again.`, options)
