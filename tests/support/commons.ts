// Designs for tests: laid on a tray and taken in, as a member does it with his browser.
import { finishTray, layOnTray, openTray, type Pull, showPull } from '../../server/contract/pulls.ts'
import { requestFor } from '../../server/contract/request.ts'
import { pullDesign } from '../../server/work/pull-design.ts'
import type { Person, Workshop } from './workshop.ts'

/** Files by path. */
export type Folder = Readonly<Record<string, string | Buffer>>

/** Carries out what was queued, as the server's worker does. */
export const carryOut = async ({ db, house }: Workshop, person: Person, { id }: Pull): Promise<Pull> => {
  await pullDesign(db, house.sources, id, (error) => {
    throw error
  })
  return person.call(showPull, { params: { id } })
}

export const lay = async (person: Person, trayId: number, path: string, bytes: string | Buffer): Promise<unknown> => {
  const request = requestFor(layOnTray, { params: { id: trayId }, query: { path } })
  return person.raw(request.method, request.path, bytes, { 'content-type': 'application/octet-stream' })
}

export const upload = async (
  workshop: Workshop,
  person: Person,
  folder: Folder,
  about: { name?: string; licence?: string; creator?: string; designId?: number } = {},
): Promise<Pull> => {
  const tray = await person.call(openTray, { body: { name: 'Upload', ...about } })
  for (const [path, bytes] of Object.entries(folder)) await lay(person, tray.id, path, bytes)
  return carryOut(workshop, person, await person.call(finishTray, { params: { id: tray.id } }))
}

/** The id of the design that came of it. */
export const uploadDesign = async (...given: Parameters<typeof upload>): Promise<number> => {
  const pull = await upload(...given)
  if (pull.designId === null) throw new Error(pull.reason ?? `The pull is ${pull.state}.`)
  return pull.designId
}

/** The bytes of an answer that is no JSON. */
export const fetchBytes = async (
  person: Person,
  url: string,
): Promise<{ status: number; bytes: Buffer; headers: Record<string, unknown> }> => {
  const response = await person.app.inject({
    method: 'GET',
    url,
    headers: person.cookie ? { cookie: person.cookie } : {},
  })
  return { status: response.statusCode, bytes: response.rawPayload, headers: response.headers }
}

/** A triangle: the smallest model there is. */
export const stl = (name: string): string =>
  `solid ${name}\nfacet normal 0 0 1\nouter loop\nvertex 0 0 0\nvertex 10 0 0\nvertex 0 10 ${name.length}\nendloop\nendfacet\nendsolid ${name}\n`

export const okh = (fields: Readonly<Record<string, string>>): string =>
  Object.entries({ okhv: '2.4', repo: 'https://forge.example/anna/roller', version: '1.0', ...fields })
    .map(([key, value]) => `${key} = ${JSON.stringify(value)}`)
    .join('\n')
