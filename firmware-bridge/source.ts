// Where the lines of a print come from, as the link sees it.

/** A line of a file on its way to the printer. */
export interface SourceLine {
  readonly text: string
  /** Bytes of the file that are done when this line is. */
  readonly endOffset: number
}

export interface LineSource {
  /** The next line. `later`: not read yet; the link's `ready` is called when it is. `end`: there is no further one. */
  take(): SourceLine | 'later' | 'end'
}
