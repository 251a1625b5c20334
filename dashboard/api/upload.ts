// Sends a file to the server and tells how much has gone.

import type { ReplyOf } from '../../server/contract/endpoint.ts'
import { uploadFile } from '../../server/contract/files.ts'
import { requestFor } from '../../server/contract/request.ts'
import { CallFailed, readReply } from './call.ts'

export type Taken = ReplyOf<typeof uploadFile>

export interface Upload {
  /** Throws CallFailed. */
  readonly done: Promise<Taken>
  cancel(): void
}

/** `plate`: which one of an archive. fetch cannot tell how much of a body has gone, so this is the older way. */
export const upload = (file: File, plate: number | undefined, progress: (sentBytes: number) => void): Upload => {
  const { path } = requestFor(uploadFile, { query: { name: file.name, ...(plate === undefined ? {} : { plate }) } })
  const request = new XMLHttpRequest()
  const done = new Promise<Taken>((resolve, reject) => {
    request.upload.addEventListener('progress', ({ loaded }) => progress(loaded))
    request.addEventListener('load', () => {
      try {
        resolve(readReply(request.status, request.status < 400, request.responseText) as Taken)
      } catch (error) {
        reject(error)
      }
    })
    request.addEventListener('error', () =>
      reject(new CallFailed(0, 'server.away', 'The connection broke during the upload. Nothing was kept; try again.')),
    )
    request.addEventListener('abort', () => reject(new CallFailed(0, 'upload.cancelled', 'The upload was cancelled.')))
    request.open('POST', path)
    request.setRequestHeader('content-type', 'application/octet-stream')
    request.send(file)
  })
  return { done, cancel: () => request.abort() }
}
