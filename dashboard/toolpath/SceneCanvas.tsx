// The canvas of the scene: brings Three.js when it is needed, and says what is wrong where it cannot draw.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Text, useComputedColorScheme } from '@mantine/core'
import { MonitorX } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { Bed } from './bed-edge.ts'
import { LayerPicture } from './LayerPicture.tsx'
import type { Look, Reach } from './look.ts'
import { pointAtPlace } from './playback.ts'
import type { SceneColours, ToolpathScene } from './toolpath-scene.ts'
import type { Place, ToolpathStore } from './toolpath-store.ts'

export interface SceneCanvasProps {
  readonly store: ToolpathStore
  readonly version: number
  readonly look: Look
  readonly reach: Reach | null
  /** Up to where it is printed, if what is beyond is shown pale. */
  readonly done: Place | null
  readonly nozzle: boolean
  readonly bed: Bed | null
  readonly label: string
  readonly description: string
  picked(place: Place | null): void
  opened(scene: ToolpathScene | null): void
  keyed(event: KeyboardEvent): void
}

const colours = (dark: boolean): SceneColours =>
  dark
    ? { background: '#171c1b', plate: '#242b29', grid: '#313937', edge: '#6c7a75', zone: '#ff6b6b' }
    : { background: '#f4f6f3', plate: '#ffffff', grid: '#dfe5e1', edge: '#9aa8a2', zone: '#d6336c' }

const hasWebGl2 = (): boolean => document.createElement('canvas').getContext('webgl2') !== null

export const SceneCanvas = (props: SceneCanvasProps) => {
  const { store, version, look, reach, done, nozzle, bed, label, description, keyed } = props
  const { t } = useLingui()
  const dark = useComputedColorScheme('light') === 'dark'
  const place = useRef<HTMLCanvasElement>(null)
  const scene = useRef<ToolpathScene | null>(null)
  const [state, setState] = useState<'opening' | 'open' | 'lost' | 'flat'>(() => (hasWebGl2() ? 'opening' : 'flat'))
  const flat = state === 'flat'
  const latest = useRef(props)
  latest.current = props
  const framed = useRef(false)

  useEffect(() => {
    const canvas = place.current
    if (canvas === null || flat) return
    let gone = false
    framed.current = false
    const open = async (): Promise<void> => {
      const { ToolpathScene } = await import('./toolpath-scene.ts')
      if (gone) return
      scene.current = new ToolpathScene(canvas, store, latest.current.look, {
        lost: () => setState('lost'),
        restored: () => setState('open'),
        // Not a state of React's: it changes with every step of a slider.
        shown: (whole, pictures) => {
          const stage = canvas.closest<HTMLElement>('.toolpath-stage')
          if (stage) Object.assign(stage.dataset, { whole: String(whole), pictures: String(pictures) })
        },
        picked: (found) => latest.current.picked(found),
      })
      setState('open')
      latest.current.opened(scene.current)
    }
    open().catch(() => setState('flat'))
    return () => {
      gone = true
      scene.current?.dispose()
      scene.current = null
      latest.current.opened(null)
    }
    // Whoever shows another store gives another key: a canvas whose context is gone does not come back.
  }, [store, flat])

  const shown = state === 'open'
  useEffect(() => {
    if (shown) scene.current?.setColours(colours(dark), dark, bed)
  }, [dark, bed, shown])
  useEffect(() => {
    if (shown) scene.current?.setLook(look)
  }, [look, shown])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the store grows in place, and `version` says so
  useEffect(() => {
    if (!shown || scene.current === null) return
    if (store.facts !== null) scene.current.readMore(true)
    if (store.box === null && framed.current) return
    // Framed by the first layers, and once more when all is known, unless somebody has turned it by then.
    if (!framed.current || (store.facts !== null && !scene.current.touched)) scene.current.view('iso')
    framed.current = store.box !== null
  }, [version, shown, store])
  useEffect(() => {
    if (shown && reach !== null) scene.current?.setReach(reach, done)
  }, [reach, done, shown])
  useEffect(() => {
    if (!shown) return
    const at = done ?? reach?.to
    scene.current?.setNozzle(nozzle && at !== undefined ? pointAtPlace(store, at) : null)
  }, [nozzle, reach, done, shown, store])

  if (state === 'flat') {
    return (
      <div className="toolpath-flat">
        <Alert color="yellow" icon={<MonitorX size={18} />} mb="xs">
          <Trans>
            This browser does not draw in three dimensions (WebGL 2). You see one layer at a time from above.
          </Trans>
        </Alert>
        <LayerPicture store={store} version={version} look={look} reach={reach} bed={bed} label={label} />
      </div>
    )
  }
  return (
    <>
      <div
        className="toolpath-focus"
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes keys of its own
        tabIndex={0}
        aria-label={label}
        aria-description={description}
        onKeyDown={keyed}
      >
        <canvas ref={place} className="toolpath-canvas" />
      </div>
      {state === 'lost' && (
        <div className="toolpath-note" role="status">
          <Text size="sm">{t`The graphics card was taken away for a moment. The picture comes back by itself.`}</Text>
        </div>
      )}
    </>
  )
}
