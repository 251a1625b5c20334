// The toolpath of a file: picture, sliders, colours, legend. It reads the file by itself as long as it is shown.
import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { Alert, Button, Switch, Text } from '@mantine/core'
import { useFullscreenElement } from '@mantine/hooks'
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { formatNumber } from '../format.ts'
import type { Bed } from './bed-edge.ts'
import { ChosenObject, type ObjectControl } from './ChosenObject.tsx'
import { firstLook, type Look, type Viewpoint } from './look.ts'
import { MoveText, type ReadBytes } from './MoveText.tsx'
import { objectAt } from './object-at.ts'
import { SceneCanvas } from './SceneCanvas.tsx'
import { ToolpathLegend } from './ToolpathLegend.tsx'
import { ToolpathOptions, ViewButtons } from './ToolpathOptions.tsx'
import { LayerSlider, MoveSlider, ReadingNote } from './ToolpathSliders.tsx'
import type { ToolpathScene } from './toolpath-scene.ts'
import type { Place } from './toolpath-store.ts'
import { useColouringNames } from './use-kind-names.ts'
import { type ReachControl, useReach } from './use-reach.ts'
import { type Reading, useToolpath } from './use-toolpath.ts'
import { keyOf } from './view-keys.ts'
import './toolpath.css'

export interface ToolpathViewerProps {
  /** Where the bytes of the file are. */
  readonly url: string
  readonly sizeBytes: number
  readonly name: string
  readonly bed: Bed | null
  /** Bytes of the file that a printer has taken, where it is being printed; null where it is not. */
  readonly printedBytes: number | null
  readonly objects: ObjectControl | null
  readonly read: ReadBytes
}

export const ToolpathViewer = (props: ToolpathViewerProps) => {
  const { url, sizeBytes, name, bed, printedBytes, objects, read } = props
  const reading = useToolpath(url, sizeBytes)
  const { store, version } = reading
  const [look, setLook] = useState<Look>(firstLook)
  const [chosen, setChosen] = useState<number | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the store grows in place, and `version` says so
  const printed = useMemo(
    () => (printedBytes === null ? null : store.placeAt(printedBytes)),
    [store, version, printedBytes],
  )
  const control = useReach(store, version, printed)
  const names = useColouringNames()
  const { t } = useLingui()
  const [scene, setScene] = useState<ToolpathScene | null>(null)
  const { ref: frame, toggle: toggleFull } = useFullscreenElement<HTMLDivElement>()

  const facts = store.facts
  const excluded = useMemo(
    () => new Set((facts?.objects ?? []).flatMap((object, n) => (objects?.excluded.has(object.name) ? [n] : []))),
    [facts, objects],
  )
  const shownLook = useMemo((): Look => ({ ...look, chosen, excluded }), [look, chosen, excluded])
  const picked = useCallback(
    (place: Place | null) => setChosen(place === null ? null : objectAt(store, place)),
    [store],
  )
  const keyed = useKeys(control, look, setLook, scene, store.layerCount)
  const view = useCallback((from: Viewpoint) => scene?.view(from), [scene])
  // Pale what is to come: then everything is shown, and only how far it is printed changes.
  const paleFrom = control.following && look.pale && reading.state === 'done' ? printed : null
  const reach = useMemo(
    () =>
      paleFrom === null || control.reach === null
        ? control.reach
        : { ...control.reach, to: store.endOf(store.layerCount - 1) },
    [paleFrom, control.reach, store],
  )
  const object = chosen === null ? undefined : facts?.objects[chosen]
  const label = t`Toolpath of ${name}`
  return (
    <div className="toolpath-box">
      <div className="toolpath-viewer" ref={frame}>
        <div className="toolpath-stage">
          <SceneCanvas
            key={keyOfStore(store)}
            store={store}
            version={version}
            look={shownLook}
            reach={reach}
            done={paleFrom}
            nozzle={control.following || control.playing || control.move < control.moves}
            bed={bed}
            label={label}
            description={t`Arrows up and down: layers. Left and right: moves. With shift: turn. Plus and minus: nearer and farther. Space: play. 1 to 8: colours. T, F, R, I: views.`}
            picked={picked}
            opened={setScene}
            keyed={keyed}
          />
          {scene !== null && <ViewButtons view={view} full={document.fullscreenEnabled ? toggleFull : null} />}
          {reading.state === 'reading' && (
            <ReadingNote part={reading.readBytes / Math.max(1, sizeBytes)} stop={reading.stop} />
          )}
          {object !== undefined && (
            <ChosenObject
              name={object.name}
              left={(facts?.objects.length ?? 0) - excluded.size}
              control={objects}
              close={() => setChosen(null)}
            />
          )}
          <LayerSlider
            layers={store.layerCount}
            from={Math.min(store.layerCount || 1, (control.reach?.fromLayer ?? 0) + 1)}
            to={control.layer + 1}
            zOf={(layer) => store.layers[store.layerParts[layer] ?? 0]?.z ?? 0}
            change={(from, to) => control.setLayers(from - 1, to - 1)}
          />
        </div>
        <div className="toolpath-side">
          <ReadingState reading={reading} />
          <ToolpathOptions look={look} store={store} version={version} follows={printed !== null} change={setLook} />
          {printed !== null && (
            <Switch
              label={t`Follow the print`}
              checked={control.following}
              onChange={({ currentTarget }) => control.follow(currentTarget.checked)}
            />
          )}
          <ToolpathLegend store={store} version={version} look={look} change={setLook} />
        </div>
        <div className="toolpath-foot">
          <MoveSlider
            moves={control.moves}
            at={control.move}
            playing={control.playing}
            speed={control.speed}
            change={control.setMove}
            play={control.play}
            setSpeed={control.setSpeed}
          />
          {control.reach !== null && <MoveText store={store} at={control.reach.to} layer={control.layer} read={read} />}
        </div>
        <Said>
          {store.layerCount > 0 && reading.state !== 'reading'
            ? t`Layers ${(control.reach?.fromLayer ?? 0) + 1} to ${control.layer + 1} of ${store.layerCount} are shown, coloured by: ${names[look.colouring]}.`
            : ''}
        </Said>
      </div>
    </div>
  )
}

const storeKeys = new WeakMap<object, number>()
let nextKey = 0
/** A canvas that has lost its context is not used again: another store has another canvas. */
const keyOfStore = (store: object): number => {
  const known = storeKeys.get(store)
  if (known !== undefined) return known
  storeKeys.set(store, ++nextKey)
  return nextKey
}

/** Said to screen readers when it has not changed for a while: not at each step of a slider. */
const Said = ({ children }: { children: string }) => {
  const [said, setSaid] = useState('')
  useEffect(() => {
    const waiting = setTimeout(() => setSaid(children), 600)
    return () => clearTimeout(waiting)
  }, [children])
  return (
    <div className="visually-hidden" aria-live="polite">
      {said}
    </div>
  )
}

const ReadingState = ({ reading }: { reading: Reading }) => {
  const { store, state, message, again } = reading
  const summary = store.facts?.summary
  if (state === 'failed' || state === 'stopped') {
    return (
      <Alert color={state === 'failed' ? 'red' : 'gray'}>
        <Text size="sm">
          {state === 'stopped' ? (
            <Trans>Reading was stopped: you see what had come by then.</Trans>
          ) : message === '' ? (
            <Trans>The file could not be read to its end. Is the server there?</Trans>
          ) : (
            message
          )}
        </Text>
        <Button size="compact-sm" mt="xs" variant="default" onClick={again}>
          <Trans>Read it again</Trans>
        </Button>
      </Alert>
    )
  }
  if (summary === undefined) return null
  if (summary.points === 0) return <Text size="sm">{<Trans>Nothing moves in this file.</Trans>}</Text>
  if (summary.droppedPoints === 0 && !summary.cutShort) return null
  return (
    <Text size="xs" c="dimmed">
      {summary.cutShort ? (
        <Trans>This file makes more moves than can be shown: its end is missing.</Trans>
      ) : (
        <Trans>
          A very large file: {formatNumber(summary.points)} of{' '}
          <Plural value={summary.points + summary.droppedPoints} one="# move" other="# moves" /> are shown, none further
          than {formatNumber(summary.deviation, 3)} mm from where it is.
        </Trans>
      )}
    </Text>
  )
}

const useKeys = (
  control: ReachControl,
  look: Look,
  setLook: (look: Look) => void,
  scene: ToolpathScene | null,
  layers: number,
): ((event: KeyboardEvent) => void) => {
  const latest = useRef({ control, look, scene, layers })
  latest.current = { control, look, scene, layers }
  return useCallback(
    (event) => {
      const key = keyOf(event)
      if (key === null) return
      event.preventDefault()
      const { control, look, scene, layers } = latest.current
      const from = control.reach?.fromLayer ?? 0
      switch (key.do) {
        case 'layers':
          return control.setLayers(from, control.layer + key.by)
        case 'moves':
          return control.step(key.by)
        case 'turn':
          return scene?.turn(key.around, key.up)
        case 'zoom':
          return scene?.zoom(key.by)
        case 'view':
          return scene?.view(key.from)
        case 'colour':
          return setLook({ ...look, colouring: key.by })
        case 'play':
          return control.play(!control.playing)
        case 'all':
          return control.setLayers(from, layers - 1)
        case 'first':
          return control.setLayers(0, 0)
      }
    },
    [setLook],
  )
}
