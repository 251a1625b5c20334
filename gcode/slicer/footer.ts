// Whether the end that a slicer writes is there: the surest sign that a file was cut off on its way is that it is not.
import type { Draft, Landmark } from './draft.ts'
import type { SlicerMetadata } from './metadata.ts'
import type { SlicerName } from './slicer-name.ts'

/** PrusaSlicer has ended its block of settings with `prusaslicer_config = end` since 2.4. */
const marksEnd = ({ name, version }: SlicerName): boolean => {
  const [major, minor] = version.split('.').map(Number)
  if (name !== 'PrusaSlicer' || major === undefined || minor === undefined) return false
  return major > 2 || (major === 2 && minor >= 4)
}

/** `profileCut` says that Cura's profile, behind its last line of G-code, is not whole. */
export const footerOf = (
  { landmarks }: Draft,
  slicer: SlicerName | null,
  profileCut: boolean,
): SlicerMetadata['footer'] => {
  const has = (landmark: Landmark): boolean => landmarks.has(landmark)
  const when = (seen: boolean): SlicerMetadata['footer'] => ({ expected: true, seen })
  // OrcaSlicer and Bambu Studio. The settings come last in the one and first in the other.
  if (has('header')) return when(has('executable-end') && has('config-end'))
  if (has('config-begin') || (slicer !== null && marksEnd(slicer))) return when(has('config-end'))
  if (slicer?.name === 'Slic3r') return when(has('last-region-setting'))
  switch (slicer?.family) {
    case 'prusaslicer':
      return when(has('config-end') || has('last-setting'))
    case 'cura':
      return when(has('summary') && !profileCut)
    case 'simplify3d':
    case 'ideamaker':
    case 'kisslicer':
    case 'kirimoto':
      return when(has('summary'))
    default:
      return { expected: false, seen: false }
  }
}
