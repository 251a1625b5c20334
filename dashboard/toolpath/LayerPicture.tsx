// A layer from above, drawn on a plain canvas.
import { useComputedColorScheme } from '@mantine/core'
import { useEffect, useRef } from 'react'
import type { Bed } from './bed-edge.ts'
import { drawLayer } from './layer-picture.ts'
import type { Look, Reach } from './look.ts'
import type { ToolpathStore } from './toolpath-store.ts'

export interface LayerPictureProps {
  readonly store: ToolpathStore
  readonly version: number
  readonly look: Look
  readonly reach: Reach | null
  readonly bed: Bed | null
  readonly label: string
}

export const LayerPicture = ({ store, version, look, reach, bed, label }: LayerPictureProps) => {
  const place = useRef<HTMLCanvasElement>(null)
  const dark = useComputedColorScheme('light') === 'dark'
  // biome-ignore lint/correctness/useExhaustiveDependencies: the store grows in place, and `version` says so
  useEffect(() => {
    const canvas = place.current
    const context = canvas?.getContext('2d')
    if (!canvas || !context) return
    const draw = (): void => {
      const { clientWidth: width, clientHeight: height } = canvas
      canvas.width = width * devicePixelRatio
      canvas.height = height * devicePixelRatio
      context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0)
      drawLayer(context, { width, height, line: dark ? '#6c7a75' : '#9aa8a2' }, store, look, reach, bed)
    }
    draw()
    const resized = new ResizeObserver(draw)
    resized.observe(canvas)
    return () => resized.disconnect()
  }, [store, version, look, reach, bed, dark])
  return <canvas ref={place} className="toolpath-canvas" role="img" aria-label={label} />
}
