// Sets of time: spans that do not touch, in order. Instants are seconds since 1970.

export interface Window {
  readonly from: number
  readonly to: number
}

export type Windows = readonly Window[]

export const allTime: Windows = [{ from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }]

/** Any spans, in any order, as a set of time. */
export const union = (spans: readonly Window[]): Windows => {
  const sorted = spans.filter(({ from, to }) => from < to).sort((one, other) => one.from - other.from)
  const merged: { from: number; to: number }[] = []
  for (const { from, to } of sorted) {
    const last = merged.at(-1)
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to)
    else merged.push({ from, to })
  }
  return merged
}

/** What is in none of them. */
export const complement = (windows: Windows): Windows => {
  const free: Window[] = []
  let from = Number.NEGATIVE_INFINITY
  for (const window of windows) {
    if (window.from > from) free.push({ from, to: window.from })
    from = window.to
  }
  if (from < Number.POSITIVE_INFINITY) free.push({ from, to: Number.POSITIVE_INFINITY })
  return free
}

export const intersect = (one: Windows, other: Windows): Windows =>
  complement(union([...complement(one), ...complement(other)]))

/** The first window that ends after `at`; its place in the list. */
const placeAfter = (windows: Windows, at: number): number => {
  let low = 0
  let high = windows.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((windows[middle] as Window).to > at) high = middle
    else low = middle + 1
  }
  return low
}

/** The first instant from `at` on after which it lasts for `seconds`; Infinity where there is none. */
export const nextIn = (windows: Windows, at: number, seconds = 0): number => {
  for (let place = placeAfter(windows, at); place < windows.length; place++) {
    const { from, to } = windows[place] as Window
    const start = Math.max(from, at)
    if (start + seconds <= to) return start
  }
  return Number.POSITIVE_INFINITY
}

export const isIn = (windows: Windows, at: number): boolean => {
  const window = windows[placeAfter(windows, at)]
  return window !== undefined && window.from <= at
}

/** When the window that `at` lies in ends; `at` itself where it lies in none. */
export const endOf = (windows: Windows, at: number): number => {
  const window = windows[placeAfter(windows, at)]
  return window !== undefined && window.from <= at ? window.to : at
}
