// What the keys do while the picture has the focus.
import type { KeyboardEvent } from 'react'
import { type Colouring, colourings } from './colours.ts'
import type { Viewpoint } from './look.ts'

export type ViewKey =
  | { readonly do: 'layers'; readonly by: number }
  | { readonly do: 'moves'; readonly by: number }
  | { readonly do: 'turn'; readonly around: number; readonly up: number }
  | { readonly do: 'zoom'; readonly by: number }
  | { readonly do: 'view'; readonly from: Viewpoint }
  | { readonly do: 'colour'; readonly by: Colouring }
  | { readonly do: 'play' }
  | { readonly do: 'all' }
  | { readonly do: 'first' }

const DEGREES = 10

const arrows: Readonly<Record<string, readonly [right: number, up: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
}

const views: Readonly<Record<string, Viewpoint>> = { t: 'top', f: 'front', r: 'side', i: 'iso' }

/** Null where a key means nothing here. */
export const keyOf = ({
  key,
  shiftKey,
  ctrlKey,
  metaKey,
  altKey,
}: Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>): ViewKey | null => {
  if (ctrlKey || metaKey || altKey) return null
  const arrow = arrows[key]
  if (arrow !== undefined) {
    const [right, up] = arrow
    if (shiftKey) return { do: 'turn', around: right * DEGREES, up: up * DEGREES }
    return up === 0 ? { do: 'moves', by: right } : { do: 'layers', by: up }
  }
  const from = views[key.toLowerCase()]
  if (from !== undefined) return { do: 'view', from }
  const colour = /^[1-8]$/.test(key) ? colourings[Number(key) - 1] : undefined
  if (colour !== undefined) return { do: 'colour', by: colour }
  switch (key) {
    case 'PageUp':
      return { do: 'layers', by: 10 }
    case 'PageDown':
      return { do: 'layers', by: -10 }
    case 'Home':
      return { do: 'first' }
    case 'End':
      return { do: 'all' }
    case '+':
    case '=':
      return { do: 'zoom', by: 1.2 }
    case '-':
      return { do: 'zoom', by: 1 / 1.2 }
    case ' ':
      return { do: 'play' }
    default:
      return null
  }
}
