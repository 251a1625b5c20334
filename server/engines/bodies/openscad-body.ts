// To come.
import type { Body } from '../body.ts'

export const open =
  async (): Promise<Body> =>
  async ({ job }) =>
    job
