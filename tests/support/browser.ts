// A real Chromium: the installed one, else the one that npm brings.
import { existsSync } from 'node:fs'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { type Carried, carriedChromium } from './carried-chromium.ts'

const installed = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
]

/** What a browser in a closed network must not try, and what a machine without a screen needs. */
const args = [
  '--no-sandbox',
  // Three dimensions without a graphics card: drawn by the processor.
  '--enable-unsafe-swiftshader',
  '--disable-dev-shm-usage',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export const openBrowser = async (): Promise<Browser> => {
  const { executablePath, env } = await findChromium()
  return chromium.launch({ executablePath, args, headless: true, env: { ...process.env, ...env } })
}

/** CHROME_PATH=npm takes the carried one also where another is installed. */
const findChromium = async (): Promise<Carried> => {
  const wanted = process.env['CHROME_PATH']
  const found = wanted ?? installed.find((path) => existsSync(path)) ?? 'npm'
  return found === 'npm' ? carriedChromium() : { executablePath: found, env: {} }
}

export const screens = {
  desktop: { viewport: { width: 1360, height: 860 } },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
} satisfies Record<string, BrowserContextOptions>

/** A page that collects what goes wrong in it: a test ends by looking at `wrong`. */
export const openPage = async (
  browser: Browser,
  base: string,
  screen: keyof typeof screens,
): Promise<{ page: Page; wrong: string[] }> => {
  const context = await browser.newContext({ ...screens[screen], baseURL: base, locale: 'en-GB' })
  const page = await context.newPage()
  const wrong: string[] = []
  page.on('pageerror', (error) => wrong.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') wrong.push(message.text())
  })
  return { page, wrong }
}
