// What a machine remembers from one line of G-code to the next.

/** More tools than any printer has; a `T` beyond is not followed. */
export const MOST_TOOLS = 64

/** Lengths in mm, feedrate in mm/s, temperatures in °C. */
export interface ModalState {
  /** Where the tip of the tool is, in the coordinates of the machine. `e` is what E words have added up to. */
  x: number
  y: number
  z: number
  e: number
  /** What is added to a coordinate of the file to make it the machine's: G92, G54 to G59, G10 L2, M206, SET_GCODE_OFFSET. */
  offsetX: number
  offsetY: number
  offsetZ: number
  offsetE: number
  relative: boolean
  relativeE: boolean
  /** 1, or 25.4 after G20. */
  unit: number
  /** As the last F word said. */
  feedrate: number
  /** M220 and M221, as factors. */
  feedrateFactor: number
  flowFactor: number
  /** mm² of filament cross-section by which E is divided in volumetric mode; 0 when E is a length. */
  volumetricArea: number
  /** 17 (XY), 18 (ZX) or 19 (YZ), as G17-G19. */
  plane: number
  tool: number
  /** Some axis has been homed by G28; and which: 1 for X, 2 for Y, 4 for Z. */
  homed: boolean
  homedAxes: number
  /** Pulled back by G10 and not yet fed again by G11. */
  firmwareRetracted: boolean
  /** What was asked of the tool in use, and of each tool. */
  nozzleTarget: number
  readonly nozzleTargets: Float64Array
  bedTarget: number
  chamberTarget: number
  /** Part cooling fan, 0 to 1. */
  fan: number
}

export const initialState = (): ModalState => ({
  x: 0,
  y: 0,
  z: 0,
  e: 0,
  offsetX: 0,
  offsetY: 0,
  offsetZ: 0,
  offsetE: 0,
  relative: false,
  relativeE: false,
  unit: 1,
  feedrate: 0,
  feedrateFactor: 1,
  flowFactor: 1,
  volumetricArea: 0,
  plane: 17,
  tool: 0,
  homed: false,
  homedAxes: 0,
  firmwareRetracted: false,
  nozzleTarget: 0,
  nozzleTargets: new Float64Array(MOST_TOOLS),
  bedTarget: 0,
  chamberTarget: 0,
  fan: 0,
})
