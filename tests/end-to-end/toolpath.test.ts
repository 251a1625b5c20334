import { mkdirSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, openPage } from '../support/browser.ts'
import { type Farm, openFarm } from '../support/farm.ts'
import { huesScript, littleMemoryScript, loseContextScript, withoutWebGl2Script } from '../support/page-scripts.ts'
import { slicedGcode } from '../support/sliced-gcode.ts'

const PASSWORD = 'a long password'
/** Where pictures of the pages are kept, for whoever wants to look at them. */
const pictures = process.env['AUZOLAN_PICTURES']

const block = (name: string, x: number): string =>
  `; printing object ${name} id:0 copy 0\nG1 X${x} Y40 F9000\n;TYPE:External perimeter\n;WIDTH:0.45\nG1 F1800\n${[
    [40, 0],
    [40, 60],
    [0, 60],
    [0, 0],
  ]
    .map(([dx = 0, dy = 0]) => `G1 X${x + dx} Y${40 + dy} E1.6`)
    .join('\n')}\n;TYPE:Top solid infill\n${Array.from(
    { length: 80 },
    (_, n) => `G1 X${x + (n % 2 ? 40 : 0)} Y${40 + n * 0.75} E1.5`,
  ).join('\n')}\n; stop printing object ${name} id:0 copy 0\n`

const plate = `M104 S210\nG28\nM109 S210\nG90\nM83\n${Array.from({ length: 40 }, (_, n) => {
  const z = (0.5 * (n + 1)).toFixed(2)
  return `;LAYER_CHANGE\n;Z:${z}\n;HEIGHT:0.5\nG1 Z${z} F600\n${block('spoon', 30)}${block('fork', 120)}`
}).join('')}`

interface Hues {
  readonly orange: number
  readonly red: number
  readonly blue: number
  readonly grey: number
}

/** What of the picture is of which hue, in parts of the whole: told from pixels on screen. */
const huesOf = async (page: Page): Promise<Hues> => {
  const shot = await page.locator('.toolpath-stage canvas').screenshot()
  return page.evaluate<Hues>(huesScript(shot.toString('base64')))
}

const view = (page: Page) => page.getByRole('application', { name: /^Toolpath of/ })

/** Until the whole file is read and the full picture is on screen: the sentence for screen readers comes then. */
const untilShown = async (page: Page, sentence: RegExp): Promise<void> => {
  await page.locator('[aria-live=polite]', { hasText: sentence }).waitFor({ state: 'attached', timeout: 40_000 })
  await page.locator('.toolpath-stage[data-whole=true]').waitFor({ timeout: 40_000 })
}

describe('the toolpath of a file', () => {
  let browser: Browser
  let farm: Farm
  let printer = 0
  let fileId = 0
  beforeAll(async () => {
    if (pictures) mkdirSync(pictures, { recursive: true })
    browser = await openBrowser()
    farm = await openFarm()
    printer = (await farm.addPrinter('Etxe', { speed: 60 })).id
    fileId = (await farm.steward.upload('plate.gcode', Buffer.from(plate))).id
    return async () => {
      await browser.close()
      await farm.close()
    }
  }, 60_000)

  const open = async (
    path: string,
    screen: 'desktop' | 'phone' = 'desktop',
    before: (page: Page) => Promise<unknown> = async () => {},
  ): Promise<{ page: Page; wrong: string[] }> => {
    const opened = await openPage(browser, farm.address, screen)
    await before(opened.page)
    await opened.page.goto(path)
    await opened.page.getByLabel('Name').fill('Maite')
    await opened.page.locator('input[type=password]').fill(PASSWORD)
    await opened.page.getByRole('button', { name: 'Sign in' }).click()
    return opened
  }
  const picture = async (page: Page, name: string): Promise<void> => {
    if (pictures) await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true })
  }

  it('is drawn on the bed of the printer, grows with the layers that are shown, and changes its colours', async () => {
    const { page, wrong } = await open(`/files/${fileId}`)
    await untilShown(page, /Layers 1 to 40 of 40 are shown/)
    const whole = await huesOf(page)
    expect(whole.orange + whole.red).toBeGreaterThan(0.03)
    expect(whole.grey).toBeGreaterThan(0.5)
    await picture(page, 'toolpath-role')

    await view(page).focus()
    for (let n = 0; n < 3; n++) await page.keyboard.press('PageDown')
    await untilShown(page, /Layers 1 to 10 of 40 are shown/)
    const low = await huesOf(page)
    expect(low.orange + low.red).toBeLessThan((whole.orange + whole.red) * 0.9)
    expect(low.orange + low.red).toBeGreaterThan(0.005)

    await page.keyboard.press('2')
    await untilShown(page, /coloured by: Speed/)
    const bySpeed = await huesOf(page)
    expect(bySpeed.blue + bySpeed.orange).not.toBeCloseTo(low.blue + low.orange, 2)
    await page.getByText('30 mm/s').first().waitFor()
    await picture(page, 'toolpath-speed')
    expect(wrong).toEqual([])
  }, 90_000)

  it('says where the present move is, with its line, and shows and hides roles', async () => {
    const { page, wrong } = await open(`/files/${fileId}`)
    await untilShown(page, /of 40 are shown/)
    const end = plate.trimEnd().split('\n').at(-2) as string
    await page.getByText(end, { exact: true }).waitFor()
    await page.getByText(/^Layer 40 of 40 · X/).waitFor()
    await page.getByRole('checkbox', { name: /^Top surface/ }).uncheck()
    await page.locator('.toolpath-stage[data-whole=false]').waitFor()
    await untilShown(page, /of 40 are shown/)
    const hues = await huesOf(page)
    expect(hues.red).toBeLessThan(0.002)
    expect(hues.orange).toBeGreaterThan(0.003)
    expect(wrong).toEqual([])
  }, 60_000)

  it('is turned, and answers on a phone, in the dark', async () => {
    const { page, wrong } = await open(`/files/${fileId}`, 'phone', (page) =>
      page.emulateMedia({ colorScheme: 'dark' }),
    )
    await untilShown(page, /of 40 are shown/)
    const before = await view(page).screenshot()
    await page.getByRole('button', { name: 'From above' }).click()
    await untilShown(page, /of 40 are shown/)
    expect((await view(page).screenshot()).equals(before)).toBe(false)
    await picture(page, 'toolpath-phone-dark')
    const width = await page.evaluate<number>('document.documentElement.scrollWidth')
    expect(width).toBeLessThanOrEqual(390)
    expect(wrong).toEqual([])
  }, 60_000)

  it('comes back when the graphics card was taken away', async () => {
    const { page } = await open(`/files/${fileId}`)
    await untilShown(page, /of 40 are shown/)
    const before = await huesOf(page)
    await page.evaluate(loseContextScript)
    await page.getByText('The graphics card was taken away').waitFor({ state: 'detached' })
    await untilShown(page, /of 40 are shown/)
    const after = await huesOf(page)
    expect(after.orange).toBeCloseTo(before.orange, 2)
    expect(after.red).toBeCloseTo(before.red, 2)
  }, 60_000)

  it('is shown layer by layer where the browser has no WebGL 2, and says so', async () => {
    const { page, wrong } = await open(`/files/${fileId}`, 'desktop', (page) => page.addInitScript(withoutWebGl2Script))
    await page.getByText('This browser does not draw in three dimensions').waitFor()
    await page.locator('[aria-live=polite]', { hasText: 'of 40 are shown' }).waitFor({ state: 'attached' })
    const hues = await huesOf(page)
    expect(hues.red).toBeGreaterThan(0.02)
    await picture(page, 'toolpath-flat')
    expect(wrong).toEqual([])
  }, 60_000)

  it('says what is wrong where the file cannot be read, and reads it again', async () => {
    let away = true
    const { page } = await open(`/files/${fileId}`, 'desktop', (page) =>
      page.context().route('**/content', (route) => (away ? route.abort() : route.continue())),
    )
    await page.getByText('The file could not be read to its end').waitFor()
    away = false
    await page.getByRole('button', { name: 'Read it again' }).click()
    await untilShown(page, /of 40 are shown/)
  }, 60_000)

  it('grows as a printer prints it, and an object is given up by a click on it', async () => {
    await farm.queue('live.gcode', Buffer.from(`${plate};live\n`), printer)
    await farm.until(printer, ({ print }) => print !== null && print.objects.length === 2, 'it prints')
    const { page, wrong } = await open(`/printers/${printer}`)
    await page.getByLabel('Follow the print').waitFor({ timeout: 30_000 })
    await page.getByText('What is to come').click()
    await page.getByRole('button', { name: 'From above' }).click()
    await page.getByText(/^Layer [2-9] of 40/).waitFor({ timeout: 60_000 })
    await picture(page, 'toolpath-live')
    const box = await page.locator('.toolpath-stage canvas').boundingBox()
    if (box === null) throw new Error('There is no picture.')
    const chosen = page.getByRole('region', { name: 'Chosen object' })
    const fork = chosen.getByText('fork')
    // It lies to the right of the middle: how far, the size of the picture decides.
    for (let part = 0.55; part < 0.95 && !(await fork.isVisible()); part += 0.05) {
      await page.mouse.click(box.x + box.width * part, box.y + box.height * 0.5)
      await page.locator('.toolpath-stage[data-whole=true]').waitFor()
    }
    await fork.waitFor()
    await chosen.getByRole('button', { name: 'Give up' }).click()
    await picture(page, 'toolpath-object')
    await chosen.getByRole('button', { name: 'Give it up' }).click()
    await chosen.getByText('Given up').waitFor({ timeout: 30_000 })
    const { print } = await farm.printer(printer)
    expect(print?.objects.find(({ name }) => name === 'fork')?.excluded).toBe(true)
    expect(wrong).toEqual([])
  }, 120_000)

  it('opens a large file thinned, and says so', async () => {
    const { id } = await farm.steward.upload('large.gcode', Buffer.concat([...slicedGcode(30_000_000)]))
    const { page, wrong } = await open(`/files/${id}`, 'desktop', (page) => page.addInitScript(littleMemoryScript))
    await page.getByText(/^A very large file: /).waitFor({ timeout: 60_000 })
    await untilShown(page, /are shown/)
    expect((await huesOf(page)).orange).toBeGreaterThan(0.005)
    expect(wrong).toEqual([])
  }, 120_000)
})
