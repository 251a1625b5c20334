// Work that is done when a bell rings, and now and then in any case: bells may be lost.

export interface Repeated {
  /** Something has happened: do it soon. Calls while it runs are answered by one more run. */
  wake(): void
  /** Ends it, after the run under way. */
  close(): Promise<void>
}

/** `failed` hears what a run throws; the next run comes all the same. */
export const repeat = (work: () => Promise<void>, everyMs: number, failed: (error: Error) => void): Repeated => {
  let closed = false
  let again = false
  let running: Promise<void> | null = null
  const run = (): void => {
    if (closed) return
    if (running !== null) {
      again = true
      return
    }
    running = work()
      .catch((error: unknown) => failed(error instanceof Error ? error : new Error(String(error))))
      .then(() => {
        running = null
        if (!again) return
        again = false
        run()
      })
  }
  const timer = setInterval(run, everyMs)
  run()
  return {
    wake: run,
    close: async () => {
      closed = true
      clearInterval(timer)
      await running
    },
  }
}
