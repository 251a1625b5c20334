// Who waits for the same lock waits here, not with a connection to the database in hand that others need.

/** Lets so many in at once, in the order in which they came. */
export const turnstile = (most: number): (<T>(work: () => Promise<T>) => Promise<T>) => {
  const waiting: (() => void)[] = []
  let inside = 0
  return async (work) => {
    if (inside >= most) await new Promise<void>((resolve) => waiting.push(resolve))
    else inside += 1
    try {
      return await work()
    } finally {
      // The place goes on to the next, or is given back.
      const next = waiting.shift()
      if (next === undefined) inside -= 1
      else next()
    }
  }
}
