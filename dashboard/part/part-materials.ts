// How a part looks: flat faces, what hangs over shaded, and a cut that looks filled.
import { Color, DoubleSide, FrontSide, MeshLambertMaterial, type Plane } from 'three'

/** Degrees from the vertical at which a face hangs so that it may need support, and needs it. */
export const overhangLimits = { may: 45, must: 65 } as const

export const partColours = {
  light: { part: '#4f9c80', other: '#9fb4ac', cut: '#d2622d', may: '#f0b429', must: '#d64545', line: '#b9c4bf' },
  dark: { part: '#67a991', other: '#5c6b66', cut: '#e7834d', may: '#d9a62e', must: '#e06464', line: '#48534f' },
} as const
export type PartColours = (typeof partColours)['light' | 'dark']

export interface PartMaterialOptions {
  readonly colour: string
  readonly colours: PartColours
  readonly overhangs: boolean
  readonly painted: boolean
  readonly planes: Plane[]
  /** Whether faces are seen from behind. */
  readonly inside: boolean
}

const sine = (degrees: number): string => Math.sin((degrees * Math.PI) / 180).toFixed(5)

/** Faces of the bed itself, within so many mm, hang over nothing. */
const ON_BED = '0.05'

export const partMaterial = (options: PartMaterialOptions): MeshLambertMaterial => {
  const { colour, colours, overhangs, painted, planes, inside } = options
  const material = new MeshLambertMaterial({
    color: painted ? '#ffffff' : colour,
    vertexColors: painted,
    flatShading: true,
    side: inside ? DoubleSide : FrontSide,
    clippingPlanes: planes,
  })
  const uniforms = {
    cutColour: { value: new Color(colours.cut) },
    mayColour: { value: new Color(colours.may) },
    mustColour: { value: new Color(colours.must) },
  }
  material.onBeforeCompile = (shader) => {
    Object.assign(shader.uniforms, uniforms)
    shader.vertexShader = shader.vertexShader
      .replace('#include <common>', '#include <common>\nvarying float vPlateHeight;')
      .replace(
        '#include <project_vertex>',
        '#include <project_vertex>\nvPlateHeight = (modelMatrix * vec4(transformed, 1.0)).z;',
      )
    shader.fragmentShader = shader.fragmentShader
      .replace(
        '#include <common>',
        '#include <common>\nvarying float vPlateHeight;\nuniform vec3 cutColour, mayColour, mustColour;',
      )
      .replace('#include <normal_fragment_maps>', `#include <normal_fragment_maps>\n${overhangs ? hanging : ''}`)
      // The inside, seen through a cut or a hole: evenly lit, it looks like the cut itself.
      .replace(
        '#include <opaque_fragment>',
        'if (!gl_FrontFacing) outgoingLight = cutColour;\n#include <opaque_fragment>',
      )
  }
  material.customProgramCacheKey = () => (overhangs ? 'overhangs' : 'plain')
  return material
}

const hanging = `
  float facing = inverseTransformDirection(normal, viewMatrix).z;
  if (vPlateHeight > ${ON_BED} && facing < -${sine(overhangLimits.may)})
    diffuseColor.rgb = facing < -${sine(overhangLimits.must)} ? mustColour : mayColour;
`
