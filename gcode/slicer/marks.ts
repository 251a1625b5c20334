// What slicers say between the moves: here a layer begins, this is an outer wall, so wide, so high.
import { roles } from '../roles.ts'
import { beginsWith, decimalAt, equals, isDigit, placeOf, skipSpace, wordBytes } from './bytes.ts'
import { roleNamed } from './role-names.ts'

const TYPE = wordBytes('TYPE:')
const FEATURE = wordBytes('FEATURE:')
const SEGMENT_TYPE = wordBytes('segType:')
const FEATURE_OF_SIMPLIFY3D = wordBytes('feature ')
const WIDTH = wordBytes('WIDTH:')
const LINE_WIDTH = wordBytes('LINE_WIDTH:')
const HEIGHT = wordBytes('HEIGHT:')
const LAYER_HEIGHT = wordBytes('LAYER_HEIGHT:')
const TOOL = wordBytes('tool H')
const LAYER_CHANGE = wordBytes('LAYER_CHANGE')
const CHANGE_LAYER = wordBytes('CHANGE_LAYER')
const LAYER = wordBytes('LAYER:')
const LAYER_OF_SIMPLIFY3D = wordBytes('layer ')
const Z_OF_SIMPLIFY3D = wordBytes(', Z = ')
const BEGIN_LAYER = wordBytes('BEGIN_LAYER_')
const THICKNESS = wordBytes('z_thickness=')
const LAYER_OF_KIRI_MOTO = wordBytes('--- layer ')
const LAYER_OF_ICESL = wordBytes('<layer>')
const BEFORE_LAYER_CHANGE = wordBytes('BEFORE_LAYER_CHANGE')
const NEXT_LAYER = wordBytes('move to next layer (')
const WIPE_START = wordBytes('WIPE_START')
const WIPE_END = wordBytes('WIPE_END')
const PATH = wordBytes(' Path')
const PERIMETER = wordBytes('Perimeter')

const externalPerimeter = roles.indexOf('external-perimeter')

/**
 * Who counts the layers. Files hold several of these at once (a custom G-code with `;LAYER:3` for PrusaSlicer): the
 * higher one counts, and of equals (same tens) the one that came first.
 */
const NOBODY = 0
const CUSTOM_CODE = 10
const VERBOSE_MOVES = 11
const CURA = 20
const SIMPLIFY3D = 21
const KISSLICER = 22
const KIRI_MOTO = 23
const ICESL = 24
const PRUSASLICER = 30
const BAMBU_STUDIO = 31

/** mm; a bead that is said to be wider or higher is a mistake. */
const LARGEST_BEAD = 50

/** Give it every comment of a file in order; it holds what holds for the moves that follow. */
export class SlicerMarks {
  /** Place in `roles` of roles.ts. */
  role = 0
  /** Of the bead, in mm; 0 where the slicer does not say. */
  width = 0
  height = 0
  /** Layer changes said so far. */
  layers = 0
  /** Between `;WIPE_START` and `;WIPE_END`: the nozzle is drawn back over what it laid. */
  wiping = false
  #counter = NOBODY
  #layerZ = Number.NaN

  /** Returns true where the comment was a mark. */
  comment(bytes: Uint8Array, from: number, to: number): boolean {
    switch (bytes[from]) {
      case 84: // T
        return beginsWith(bytes, from, to, TYPE) && this.#type(bytes, from + TYPE.length, to)
      case 70: // F
        return beginsWith(bytes, from, to, FEATURE) && this.#type(bytes, from + FEATURE.length, to)
      case 115: // s
        if (beginsWith(bytes, from, to, SEGMENT_TYPE)) return this.#type(bytes, from + SEGMENT_TYPE.length, to)
        return this.#plainName(bytes, from, to)
      case 87: // W
        return this.#w(bytes, from, to)
      case 72: // H
        return beginsWith(bytes, from, to, HEIGHT) && this.#high(decimalAt(bytes, from + HEIGHT.length, to))
      case 76: // L
        return this.#l(bytes, from, to)
      case 67: // C
        return equals(bytes, from, to, CHANGE_LAYER) && this.#layer(BAMBU_STUDIO)
      case 66: // B
        if (beginsWith(bytes, from, to, BEGIN_LAYER)) return this.#kissLayer(bytes, from, to)
        return equals(bytes, from, to, BEFORE_LAYER_CHANGE) && this.#layer(CUSTOM_CODE)
      default:
        return this.#rarer(bytes, from, to)
    }
  }

  #rarer(bytes: Uint8Array, from: number, to: number): boolean {
    switch (bytes[from]) {
      case 102: // f
        if (!beginsWith(bytes, from, to, FEATURE_OF_SIMPLIFY3D)) return false
        return this.#type(bytes, from + FEATURE_OF_SIMPLIFY3D.length, to)
      case 108: // l
        return this.#simplify3dLayer(bytes, from, to)
      case 116: // t
        return this.#tool(bytes, from, to)
      case 109: // m
        return beginsWith(bytes, from, to, NEXT_LAYER) && this.#layer(VERBOSE_MOVES)
      case 60: // <
        return equals(bytes, from, to, LAYER_OF_ICESL) && this.#layer(ICESL)
      case 39: // '
        return this.#kissPath(bytes, from, to)
      case 59: // ;
        return this.#kiriLayer(bytes, skipSpace(bytes, from + 1, to), to)
      case 45: // -
        return this.#kiriLayer(bytes, from, to)
      default:
        return this.#plainName(bytes, from, to)
    }
  }

  #type(bytes: Uint8Array, from: number, to: number): boolean {
    this.role = Math.max(0, roleNamed(bytes, skipSpace(bytes, from, to), to))
    return true
  }

  /**
   * Simplify3D before 4.1 and IceSL write the bare name. Others write such words behind their moves (`; infill`):
   * so only in files whose layers are of those two.
   */
  #plainName(bytes: Uint8Array, from: number, to: number): boolean {
    if (this.#counter !== SIMPLIFY3D && this.#counter !== ICESL) return false
    const role = roleNamed(bytes, from, to)
    if (role < 0) return false
    this.role = role
    return true
  }

  #w(bytes: Uint8Array, from: number, to: number): boolean {
    if (beginsWith(bytes, from, to, WIDTH)) return this.#wide(decimalAt(bytes, from + WIDTH.length, to))
    if (equals(bytes, from, to, WIPE_START)) this.wiping = true
    else if (equals(bytes, from, to, WIPE_END)) this.wiping = false
    else return false
    return true
  }

  #l(bytes: Uint8Array, from: number, to: number): boolean {
    if (beginsWith(bytes, from, to, LINE_WIDTH)) return this.#wide(decimalAt(bytes, from + LINE_WIDTH.length, to))
    if (beginsWith(bytes, from, to, LAYER_HEIGHT)) return this.#high(decimalAt(bytes, from + LAYER_HEIGHT.length, to))
    if (equals(bytes, from, to, LAYER_CHANGE)) return this.#layer(PRUSASLICER)
    if (!beginsWith(bytes, from, to, LAYER)) return false
    return !Number.isNaN(decimalAt(bytes, from + LAYER.length, to)) && this.#layer(CURA)
  }

  /** `tool H0.480 W1.200` */
  #tool(bytes: Uint8Array, from: number, to: number): boolean {
    if (!beginsWith(bytes, from, to, TOOL)) return this.#plainName(bytes, from, to)
    this.#high(decimalAt(bytes, from + TOOL.length, to))
    this.#wide(decimalAt(bytes, placeOf(bytes, from, to, 87) + 1, to))
    return true
  }

  /** `layer 12, Z = 3.120` */
  #simplify3dLayer(bytes: Uint8Array, from: number, to: number): boolean {
    if (!beginsWith(bytes, from, to, LAYER_OF_SIMPLIFY3D)) return false
    let at = from + LAYER_OF_SIMPLIFY3D.length
    if (!isDigit(bytes[at])) return false
    while (at < to && isDigit(bytes[at])) at++
    return beginsWith(bytes, at, to, Z_OF_SIMPLIFY3D) && this.#layer(SIMPLIFY3D)
  }

  /** `--- layer 0 (0.250 @ 0.255) ---`: height, then where its top is. */
  #kiriLayer(bytes: Uint8Array, from: number, to: number): boolean {
    if (!beginsWith(bytes, from, to, LAYER_OF_KIRI_MOTO)) return false
    this.#high(decimalAt(bytes, placeOf(bytes, from, to, 40) + 1, to))
    return this.#layer(KIRI_MOTO)
  }

  /** `BEGIN_LAYER_OBJECT z=0.263 z_thickness=0.263`, for each of the objects of a layer. */
  #kissLayer(bytes: Uint8Array, from: number, to: number): boolean {
    const z = placeOf(bytes, from, to, 61) + 1
    const layerZ = decimalAt(bytes, z, to)
    if (Number.isNaN(layerZ)) return false
    const thickness = skipSpace(bytes, placeOf(bytes, z, to, 32), to)
    if (beginsWith(bytes, thickness, to, THICKNESS)) {
      this.#high(decimalAt(bytes, thickness + THICKNESS.length, to))
    }
    if (layerZ === this.#layerZ) return true
    this.#layerZ = layerZ
    return this.#layer(KISSLICER)
  }

  /** `'Sparse Infill Path', 0.5 [feed mm/s]`; travels have such names too, they say nothing of what is extruded. */
  #kissPath(bytes: Uint8Array, from: number, to: number): boolean {
    let end = placeOf(bytes, from + 1, to, 39)
    if (end === to) return false
    if (beginsWith(bytes, end - PATH.length, end, PATH)) end -= PATH.length
    const role = roleNamed(bytes, from + 1, end)
    if (role < 0) return false
    // KISSlicer's perimeter is the outermost line, what lies inside of it are loops.
    this.role = equals(bytes, from + 1, end, PERIMETER) ? externalPerimeter : role
    return true
  }

  #wide(width: number): boolean {
    if (!(width >= 0 && width <= LARGEST_BEAD)) return false
    this.width = width
    return true
  }

  #high(height: number): boolean {
    if (!(height >= 0 && height <= LARGEST_BEAD)) return false
    this.height = height
    return true
  }

  #layer(counter: number): boolean {
    if (counter !== this.#counter) {
      if (Math.trunc(counter / 10) <= Math.trunc(this.#counter / 10)) return true
      this.#counter = counter
      this.layers = 0
    }
    this.layers++
    return true
  }
}
