// The dashboard's files; every address that is not of the API gets its one page.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import serveFiles from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { refuse } from '../contract/refusals.ts'
import { sendRefusal } from './errors.ts'

/** `folder` is where the built dashboard lies; without it the API stands alone. */
export const mountPages = async (app: FastifyInstance, folder: string): Promise<void> => {
  const hasPages = existsSync(join(folder, 'index.html'))
  if (hasPages) {
    await app.register(serveFiles, {
      root: folder,
      wildcard: false,
      preCompressed: true,
      setHeaders: (reply, path) => {
        // Names below assets/ change with their content; the page itself does not.
        const forever = path.includes('/assets/')
        reply.header('cache-control', forever ? 'public, max-age=31536000, immutable' : 'no-cache')
      },
    })
  }
  app.setNotFoundHandler((request, reply) => {
    const wantsPage = request.method === 'GET' && (request.headers.accept ?? '').includes('text/html')
    if (!hasPages || request.url.startsWith('/api/') || !wantsPage) return sendRefusal(reply, refuse('route.unknown'))
    return reply.header('cache-control', 'no-cache').sendFile('index.html')
  })
}
