// E-mails, by the workshop's SMTP server.
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
  // Most workshops send none: it is loaded by the first letter.
  const { createTransport } = await import('nodemailer')
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
