// What is to be printed.
import type { Course } from '../gcode/index.ts'

export interface PrintPlan {
  readonly printId: number
  readonly totalBytes: number
  readonly course: Course | null
  /** Where it goes on with an earlier print: lines that are sent first, then the file from this byte. */
  readonly from?: { readonly bytes: number; readonly lines: readonly string[] } | null
  /** Names of objects of the plate that were given up in the print that it goes on with. */
  readonly givenUp?: readonly string[]
  /** Brings the file near and says where it lies. */
  fetch(): Promise<string>
}
