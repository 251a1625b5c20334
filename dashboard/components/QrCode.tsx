// A QR code, dark on light in either scheme: scanners want it so.
import { useMemo } from 'react'
import { encode } from 'uqr'

/** Modules of quiet around it, as ISO 18004 asks. */
const QUIET = 4

export const QrCode = ({ text, label, size = 200 }: { text: string; label: string; size?: number }) => {
  const { path, side } = useMemo(() => {
    const { data } = encode(text, { border: QUIET })
    const dark = data.flatMap((row, y) => row.flatMap((is, x) => (is ? [`M${x} ${y}h1v1h-1z`] : [])))
    return { path: dark.join(''), side: data.length }
  }, [text])
  return (
    <svg viewBox={`0 0 ${side} ${side}`} width={size} height={size} role="img" aria-label={label} className="qr-code">
      <rect width={side} height={side} fill="#fff" />
      <path d={path} fill="#000" shapeRendering="crispEdges" />
    </svg>
  )
}
