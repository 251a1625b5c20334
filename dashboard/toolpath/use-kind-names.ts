// What people call the kinds of moves, and the ways to colour them.
import { useLingui } from '@lingui/react/macro'
import { type Role, roles } from '../../gcode/index.ts'
import type { Colouring } from './colours.ts'
import { TRAVEL } from './kinds.ts'
import type { Viewpoint } from './look.ts'

export const useKindNames = (): ((kind: number) => string) => {
  const { t } = useLingui()
  const names: Record<Role, string> = {
    unknown: t`Extrusion`,
    'external-perimeter': t`Outer wall`,
    perimeter: t`Inner wall`,
    overhang: t`Overhang`,
    infill: t`Infill`,
    'solid-infill': t`Solid infill`,
    'top-infill': t`Top surface`,
    'bottom-infill': t`Bottom surface`,
    bridge: t`Bridge`,
    'gap-fill': t`Gap fill`,
    'thin-wall': t`Thin wall`,
    ironing: t`Ironing`,
    skirt: t`Skirt`,
    brim: t`Brim`,
    raft: t`Raft`,
    support: t`Support`,
    'support-interface': t`Support interface`,
    'wipe-tower': t`Wipe tower`,
    custom: t`Start and end`,
  }
  return (kind) => {
    const role = roles[kind]
    if (role !== undefined) return names[role]
    return kind === TRAVEL ? t`Travel` : t`Wipe`
  }
}

export const useColouringNames = (): Readonly<Record<Colouring, string>> => {
  const { t } = useLingui()
  return {
    role: t`What it is for`,
    speed: t`Speed`,
    flow: t`Flow`,
    height: t`Layer height`,
    width: t`Line width`,
    tool: t`Tool`,
    'layer-time': t`Layer time`,
    temperature: t`Temperature`,
  }
}

export const useViewpointNames = (): Readonly<Record<Viewpoint, string>> => {
  const { t } = useLingui()
  return { iso: t`Slanted`, top: t`From above`, front: t`From the front`, side: t`From the right` }
}
