// E-mails, by the workshop's SMTP server.
import { createTransport } from 'nodemailer'

const PATIENCE_MS = 20_000

export interface Letter {
  readonly to: string
  readonly subject: string
  readonly text: string
}

/** Throws where the server does not take it. `server` is smtp:// or smtps://. */
export const sendMail = async (
  { server, from }: { readonly server: string; readonly from: string },
  letter: Letter,
): Promise<void> => {
  const transport = createTransport({
    url: server,
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  try {
    await transport.sendMail({ from, ...letter })
  } finally {
    transport.close()
  }
}
