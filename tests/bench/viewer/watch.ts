// Watches a browser from outside: the memory of its page, and what the viewer has on screen.
import { readFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'

/** MB that the processes of pages hold at this moment, without what they share with others. */
export const pageMemory = async (browser: Browser): Promise<number> => {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  const sizes = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => memoryOf(id))
  return Math.max(0, ...sizes)
}

const memoryOf = (pid: number): number => {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
    return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) / 1000
  } catch {
    return 0
  }
}

/** Asks every 50 ms for the most memory, until it is stopped. */
export const watchMemory = (browser: Browser): (() => Promise<number>) => {
  let most = 0
  let stopped = false
  const watching = (async () => {
    while (!stopped) {
      most = Math.max(most, await pageMemory(browser).catch(() => 0))
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  })()
  return async () => {
    stopped = true
    await watching
    return most
  }
}

/** Notes in the page, from its beginning, when layers are on screen first, and when everything is. */
export const noteTimes = `
  window.times = {}
  const look = () => {
    const stage = document.querySelector('.toolpath-stage')
    const now = performance.now()
    if (stage) {
      window.times.opened ??= now
      if (stage.dataset.pictures && document.querySelector('.move-text')) window.times.first ??= now
      if (stage.dataset.whole === 'true' && !document.querySelector('.toolpath-note')) window.times.whole ??= now
    }
    requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
`

export interface Times {
  readonly opened?: number
  readonly first?: number
  readonly whole?: number
}

export const timesOf = (page: Page): Promise<Times> => page.evaluate<Times>('window.times')

/** Opens a clock of the script that the page runs, in seconds. */
export const openScriptClock = async (page: Page): Promise<() => Promise<number>> => {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable')
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics')
    return metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? 0
  }
}

/** ms until the next picture is on screen after `act` (script text), with all that the card had to do for it. */
export const answerScript = (act: string): string => `(async () => {
  const stage = document.querySelector('.toolpath-stage')
  const gl = stage.querySelector('canvas').getContext('webgl2')
  const before = stage.dataset.pictures
  const began = performance.now()
  ${act}
  while (stage.dataset.pictures === before) await new Promise((resolve) => requestAnimationFrame(resolve))
  gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4))
  return performance.now() - began
})()`

export const keyScript = (key: string, held = ''): string =>
  `document.querySelector('.toolpath-focus').dispatchEvent(new KeyboardEvent('keydown', { key: '${key}', bubbles: true ${held} }))`
