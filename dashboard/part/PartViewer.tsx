// Parts in three dimensions on a printer's bed, with what one looks at them for.
import { Trans, useLingui } from '@lingui/react/macro'
import { ActionIcon, Group, SegmentedControl, Slider, Text, Tooltip, useComputedColorScheme } from '@mantine/core'
import { Box, BoxSelect, FlipVertical2, Maximize, PencilRuler, Scissors, TriangleAlert } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { formatNumber } from '../format.ts'
import type { SceneBed } from './bed-lines.ts'
import { PartScene, type SceneItem, type SceneLook, type SceneView } from './PartScene.ts'
import { overhangLimits } from './part-materials.ts'
import type { Vector } from './placing.ts'

export interface PartViewerProps {
  readonly items: readonly SceneItem[]
  readonly bed: SceneBed | null
  /** What is shown, in one sentence: for who does not see it. */
  readonly summary: string
  /** In its place, where the browser cannot draw it. */
  readonly instead: ReactNode
  readonly selected?: string | null
  /** Its surface has holes. */
  readonly open?: boolean
  /** When the bytes arrived (`performance.now()`), to tell how long it took to show them. */
  readonly arrivedAt?: number
  select?(key: string): void
  /** A face was chosen to lie on; `normal` is where it looks now. Left out: there is nothing to choose. */
  layFlat?(key: string, normal: Vector): void
}

/** Degrees for one press of an arrow key. */
const KEY_DEGREES = 12

export const PartViewer = (props: PartViewerProps) => {
  const { t } = useLingui()
  const { items, bed, summary, selected = null, open = false, arrivedAt } = props
  const place = useRef<HTMLDivElement>(null)
  const scene = useRef<PartScene | null>(null)
  const [isDead, setDead] = useState(false)
  const [overhangs, setOverhangs] = useState(false)
  const [boxes, setBoxes] = useState(true)
  const [section, setSection] = useState<SceneLook['section']>(null)
  const [choosing, setChoosing] = useState(false)
  const dark = useComputedColorScheme('light') === 'dark'
  const pressed = useRef<(key: string, normal: Vector) => void>(() => {})
  pressed.current = (key, normal) => {
    if (choosing) {
      props.layFlat?.(key, normal)
      setChoosing(false)
    } else props.select?.(key)
  }

  useEffect(() => {
    const here = place.current
    if (here === null) return
    try {
      const made = new PartScene(here, {
        pressed: (key, normal) => pressed.current(key, normal),
        lengthText: (length) => `${formatNumber(length, length < 100 ? 1 : 0)} mm`,
      })
      scene.current = made
      return () => {
        scene.current = null
        made.close()
      }
    } catch {
      // No WebGL here: the picture and the numbers say what there is to say.
      setDead(true)
      return
    }
  }, [])

  useEffect(() => {
    const { current } = scene
    if (current === null) return
    current.show(items, bed, { overhangs, boxes, section, dark, selected, open })
    if (arrivedAt === undefined || items.length === 0) return
    current.drawNow()
    performance.measure('part-shown', { start: arrivedAt, end: performance.now() })
  }, [items, bed, overhangs, boxes, section, dark, selected, open, arrivedAt])

  if (isDead) {
    return (
      <div className="part-viewer without" role="img" aria-label={summary}>
        {props.instead}
        <Text size="sm" c="dimmed" ta="center">
          <Trans>This browser does not draw in three dimensions here, so this is a picture of it.</Trans>
        </Text>
      </div>
    )
  }
  const steer = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget) return
    const done = scene.current !== null && steerBy(scene.current, event.key)
    if (done) event.preventDefault()
  }
  return (
    <div className={`part-viewer ${choosing ? 'choosing' : ''}`}>
      <div
        ref={place}
        className="part-canvas"
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it is turned by the arrow keys, as maps are
        tabIndex={0}
        aria-label={summary}
        onKeyDown={steer}
        aria-description={t`Arrow keys turn it, plus and minus bring it nearer, F fits it, 1 front, 2 top, 3 aslant`}
      />
      <Views view={(view) => scene.current?.view(view)} />
      <Group gap={6} className="part-tools">
        <Toggle on={overhangs} set={setOverhangs} label={t`Overhangs`} icon={<TriangleAlert size={17} />} />
        <Toggle
          on={section !== null}
          set={(on) => setSection(on ? { axis: 'x', share: 0.5 } : null)}
          label={t`Cut it open`}
          icon={<Scissors size={17} />}
        />
        <Toggle on={boxes} set={setBoxes} label={t`Lengths`} icon={<PencilRuler size={17} />} />
        {props.layFlat && (
          <Toggle on={choosing} set={setChoosing} label={t`Lay it on a face`} icon={<FlipVertical2 size={17} />} />
        )}
      </Group>
      {choosing && (
        <Text size="sm" fw={600} className="part-hint" role="status">
          <Trans>Press the face that is to lie on the bed</Trans>
        </Text>
      )}
      {(overhangs || section !== null) && (
        <div className="part-foot">
          {section !== null && <Cut section={section} set={setSection} />}
          {overhangs && <OverhangLegend />}
        </div>
      )}
    </div>
  )
}

const keyViews: Readonly<Record<string, SceneView>> = { f: 'fit', '1': 'front', '2': 'top', '3': 'iso' }

/** Whether the key was one of its own. */
const steerBy = (scene: PartScene, key: string): boolean => {
  const view = keyViews[key.toLowerCase()]
  if (view !== undefined) scene.view(view)
  else if (key === 'ArrowLeft') scene.orbit(-KEY_DEGREES, 0)
  else if (key === 'ArrowRight') scene.orbit(KEY_DEGREES, 0)
  else if (key === 'ArrowUp') scene.orbit(0, KEY_DEGREES)
  else if (key === 'ArrowDown') scene.orbit(0, -KEY_DEGREES)
  else if (key === '+' || key === '=') scene.zoom(0.85)
  else if (key === '-') scene.zoom(1 / 0.85)
  else return false
  return true
}

const Views = ({ view }: { view(view: SceneView): void }) => {
  const { t } = useLingui()
  const all = [
    { key: 'fit', label: t`Fit`, icon: <Maximize size={17} /> },
    { key: 'front', label: t`From the front`, icon: <BoxSelect size={17} /> },
    { key: 'top', label: t`From above`, icon: <span className="view-letter">↓</span> },
    { key: 'iso', label: t`Aslant`, icon: <Box size={17} /> },
  ] as const
  return (
    <Group gap={6} className="part-views">
      {all.map(({ key, label, icon }) => (
        <Tooltip key={key} label={label} position="left">
          <ActionIcon variant="default" size="lg" aria-label={label} onClick={() => view(key)}>
            {icon}
          </ActionIcon>
        </Tooltip>
      ))}
    </Group>
  )
}

const Toggle = (props: { on: boolean; set(on: boolean): void; label: string; icon: ReactNode }) => (
  <Tooltip label={props.label}>
    <ActionIcon
      variant={props.on ? 'filled' : 'default'}
      size="lg"
      aria-label={props.label}
      aria-pressed={props.on}
      onClick={() => props.set(!props.on)}
    >
      {props.icon}
    </ActionIcon>
  </Tooltip>
)

type Section = NonNullable<SceneLook['section']>

const Cut = ({ section, set }: { section: Section; set(section: Section): void }) => {
  const { t } = useLingui()
  return (
    <Group gap="sm" wrap="nowrap">
      <SegmentedControl
        size="xs"
        aria-label={t`Across which axis it is cut`}
        value={section.axis}
        onChange={(axis) => set({ ...section, axis: axis as Section['axis'] })}
        data={[
          { value: 'x', label: 'X' },
          { value: 'y', label: 'Y' },
          { value: 'z', label: 'Z' },
        ]}
      />
      <Slider
        className="grow"
        size="sm"
        min={0}
        max={100}
        value={section.share * 100}
        onChange={(share) => set({ ...section, share: share / 100 })}
        label={null}
        thumbLabel={t`Where it is cut`}
      />
    </Group>
  )
}

const OverhangLegend = () => (
  <Group gap="md" component="ul" className="plain-list">
    <Text component="li" size="xs">
      <span className="swatch-square may" aria-hidden /> <Trans>Hangs more than {overhangLimits.may}°: may sag</Trans>
    </Text>
    <Text component="li" size="xs">
      <span className="swatch-square must" aria-hidden /> <Trans>More than {overhangLimits.must}°: needs support</Trans>
    </Text>
  </Group>
)
