// Colours, type and shapes of the dashboard, light and dark.
import { createTheme, type MantineColorsTuple } from '@mantine/core'

/** The green of wet slate: calm, for everything that is as it should be. */
const slate: MantineColorsTuple = [
  '#eef6f3',
  '#dce9e4',
  '#b5d3c8',
  '#8abcaa',
  '#67a991',
  '#4f9c80',
  '#3f8a6f',
  '#2f705a',
  '#215846',
  '#123f31',
]

/** Roof tile: for what is being made, and what calls for a hand. */
const tile: MantineColorsTuple = [
  '#fff1e9',
  '#fbe1d3',
  '#f4c2a6',
  '#eda076',
  '#e7834d',
  '#e2733d',
  '#d2622d',
  '#b35124',
  '#8f401d',
  '#6b2e13',
]

export const theme = createTheme({
  colors: { slate, tile },
  primaryColor: 'slate',
  primaryShade: { light: 7, dark: 5 },
  autoContrast: true,
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily: 'Inter, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif',
  headings: {
    fontWeight: '650',
    sizes: { h1: { fontSize: '1.6rem' }, h2: { fontSize: '1.2rem' }, h3: { fontSize: '1rem' } },
  },
})
