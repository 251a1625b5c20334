// The toolpath viewer in a headless Chromium without a graphics card, and the npm package gcode-preview on the same file.
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { showFile } from '../../server/contract/files.ts'
import { openBrowser, openPage } from '../support/browser.ts'
import { openFarm } from '../support/farm.ts'
import { slicedGcode } from '../support/sliced-gcode.ts'
import { median, report, round } from './measure.ts'
import { serveOther } from './viewer/other.ts'
import {
  answerScript,
  keyScript,
  noteTimes,
  openScriptClock,
  pageMemory,
  timesOf,
  watchMemory,
} from './viewer/watch.ts'

const MB = 1_000_000
const STEPS = 30
const folder = mkdtempSync(join(tmpdir(), 'auzolan-bench-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

const make = (name: string, bytes: number): string => {
  const path = join(folder, name)
  for (const piece of slicedGcode(bytes)) appendFileSync(path, piece)
  return path
}

const farm = await openFarm({ bridges: [] })

/** Opens the page of a file from within the dashboard, as a person does; resolves when all of it is on screen. */
const open = async (page: Page, fileId: number): Promise<{ first: number; whole: number }> => {
  await page.addInitScript(noteTimes)
  await page.goto('/files')
  await page.getByLabel('Name').fill('Maite')
  await page.locator('input[type=password]').fill('a long password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Files' }).waitFor()
  const link = page.locator(`a[href="/files/${fileId}"]`)
  await link.waitFor()
  const from = await page.evaluate<number>(`(() => {
    const now = performance.now()
    document.querySelector('a[href="/files/${fileId}"]').click()
    return now
  })()`)
  for (;;) {
    const { first, whole } = await timesOf(page)
    if (first !== undefined && whole !== undefined) return { first: first - from, whole: whole - from }
    await page.waitForTimeout(50)
  }
}

/** Of a file, in thousands: each line with an X or Y is one. */
const movesIn = (bytes: Buffer): number => round((bytes.toString('latin1').match(/\nG1 X/g)?.length ?? 0) / 1000, 0)

const measureOurs = async (path: string, row: string): Promise<{ whole: number; memory: number }> => {
  const bytes = readFileSync(path)
  const { id } = await farm.steward.upload(`${row}.gcode`, bytes)
  // The server's analysis would share the cores with the page.
  while ((await farm.steward.call(showFile, { params: { id } })).state === 'waiting') {
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  const browser = await openBrowser()
  try {
    const { page } = await openPage(browser, farm.address, 'desktop')
    const stop = watchMemory(browser)
    const { first, whole } = await open(page, id)
    const most = await stop()
    report({
      bench: 'viewer',
      row,
      thousandMoves: movesIn(bytes),
      firstLayersSeconds: round(first / 1000),
      completeSeconds: round(whole / 1000),
      memoryMB: round(most, 0),
      memoryAtRestMB: round(await pageMemory(browser), 0),
    })
    await measureSteps(page, row)
    return { whole, memory: most }
  } finally {
    await browser.close()
  }
}

const measureSteps = async (page: Page, row: string): Promise<void> => {
  const answers: number[] = []
  await page.evaluate(keyScript('ArrowDown'))
  const clock = await openScriptClock(page)
  const before = await clock()
  for (let n = 0; n < STEPS; n++) answers.push(await page.evaluate<number>(answerScript(keyScript('ArrowDown'))))
  const script = ((await clock()) - before) / STEPS
  const turns: number[] = []
  for (let n = 0; n < STEPS; n++) {
    turns.push(await page.evaluate<number>(answerScript(keyScript('ArrowLeft', ', shiftKey: true'))))
  }
  report({
    bench: 'viewer',
    row: `${row}: a step of the layer slider, a turn`,
    stepScriptMs: round(script * 1000, 1),
    stepAnswerMs: round(median(answers), 0),
    stepAnswerWorstMs: round(Math.max(...answers), 0),
    turnAnswerMs: round(median(turns), 0),
    turnAnswerWorstMs: round(Math.max(...turns), 0),
  })
}

const measureOther = async (path: string): Promise<{ seconds: number; memory: number }> => {
  const other = await serveOther(path)
  const browser = await openBrowser()
  try {
    const page = await browser.newPage()
    const stop = watchMemory(browser)
    await page.goto(other.address)
    await page.waitForFunction('window.shown || window.failed', undefined, { timeout: 600_000 })
    const memory = await stop()
    const failed = await page.evaluate<string | undefined>('window.failed')
    if (failed) throw new Error(failed)
    return { seconds: (await page.evaluate<number>('window.shown')) / 1000, memory }
  } finally {
    await browser.close()
    other.close()
  }
}

try {
  const usual = make('usual.gcode', 40 * MB)
  const ours = await measureOurs(usual, '40 MB')
  const other = await measureOther(usual)
  report({
    bench: 'viewer',
    row: '40 MB, gcode-preview 2.18.0',
    completeSeconds: round(other.seconds),
    memoryMB: round(other.memory, 0),
    oursIsTimesFaster: round(other.seconds / (ours.whole / 1000), 1),
    oursTakesOfItsMemory: round(ours.memory / other.memory),
  })
  await measureOurs(make('large.gcode', 150 * MB), '150 MB')
} finally {
  await farm.close()
}
