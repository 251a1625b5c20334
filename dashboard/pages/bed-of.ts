// The bed of a printer, as the toolpath is drawn on it.
import type { PrinterProfile } from '../../server/contract/printers.ts'
import type { Bed } from '../toolpath/bed-edge.ts'

export const bedOf = (profile: PrinterProfile): Bed => ({
  volume: profile,
  zones: (profile.zones ?? []).map(({ name, minX, minY, maxX, maxY }) => ({
    name,
    outline: [
      [minX, minY],
      [maxX, minY],
      [maxX, maxY],
      [minX, maxY],
    ],
  })),
})
