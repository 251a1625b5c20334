// Lays one file on a tray and tells how much has gone.
import { layOnTray } from '../../server/contract/pulls.ts'
import { requestFor } from '../../server/contract/request.ts'
import { CallFailed, readReply } from './call.ts'

/** Throws CallFailed; stops when `signal` does. fetch cannot tell how much of a body has gone: the older way can. */
export const layFile = (
  trayId: number,
  { path, file }: { path: string; file: File },
  signal: AbortSignal,
  progress: (sentBytes: number) => void,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const { method, path: url } = requestFor(layOnTray, { params: { id: trayId }, query: { path } })
    request.upload.addEventListener('progress', ({ loaded }) => progress(loaded))
    request.addEventListener('load', () => {
      try {
        readReply(request.status, request.status < 400, request.responseText)
        resolve()
      } catch (error) {
        reject(error)
      }
    })
    const away = 'The connection broke during the upload. Nothing was kept; try again.'
    request.addEventListener('error', () => reject(new CallFailed(0, 'server.away', away)))
    request.addEventListener('abort', () => reject(new CallFailed(0, 'upload.cancelled', 'The upload was cancelled.')))
    signal.addEventListener('abort', () => request.abort(), { once: true })
    request.open(method, url)
    request.setRequestHeader('content-type', 'application/octet-stream')
    request.send(file)
  })

/** The body as it is: a photo of what was made. Throws CallFailed. */
export const putBytes = async (path: string, file: File): Promise<void> => {
  const response = await fetch(path, {
    method: 'PUT',
    headers: { 'content-type': 'application/octet-stream' },
    body: file,
  }).catch(() => {
    throw new CallFailed(0, 'server.away', 'The connection broke while the photo was sent. Try again.')
  })
  readReply(response.status, response.ok, await response.text())
}
