import type { Browser, Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, openPage } from '../support/browser.ts'
import { type Farm, openFarm } from '../support/farm.ts'

const PASSWORD = 'a long password'
/** Where pictures of the page are kept, for whoever wants to look at it. */
const pictures = process.env['AUZOLAN_PICTURES']

const object = (name: string, y: number): string =>
  `; printing object ${name} id:0 copy 0\n${Array.from({ length: 60 }, (_, n) => `G1 X${10 + n} Y${y} E0.1 F3000`).join('\n')}\n; stop printing object ${name} id:0 copy 0\n`

const plate = `M104 S210\nG28\nM109 S210\nM83\nM117 Layer 1 of 9\nG1 Z0.2 F600\n${object('spoon', 30)}${object('fork', 90)}M600\n${Array.from({ length: 60 }, () => object('spoon', 30) + object('fork', 90)).join('')}`

describe('the page of a printer', () => {
  let browser: Browser
  let farm: Farm
  let id = 0
  beforeAll(async () => {
    browser = await openBrowser()
    farm = await openFarm()
    id = (await farm.addPrinter('Etxe', { speed: 12 })).id
    return async () => {
      await browser.close()
      await farm.close()
    }
  }, 60_000)

  const open = async (screen: 'desktop' | 'phone'): Promise<{ page: Page; wrong: string[] }> => {
    const opened = await openPage(browser, farm.address, screen)
    const { page } = opened
    await page.goto(`/printers/${id}`)
    await page.getByLabel('Name').fill('Maite')
    await page.locator('input[type=password]').fill(PASSWORD)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'Etxe', level: 1 }).waitFor()
    return opened
  }
  const picture = async (page: Page, name: string): Promise<void> => {
    if (pictures) await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true })
  }

  it('teaches it a macro, which is then pressed', async () => {
    const { page, wrong } = await open('desktop')
    await page.getByRole('tab', { name: 'Set-up' }).click()
    await page.getByRole('button', { name: 'Add a macro' }).click()
    await page.locator('.macro-fields').getByLabel('Name').fill('Purge')
    const gcode = page.getByLabel('G-code of Purge')
    await gcode.fill('M112')
    await page.getByText('M112: use the emergency stop').waitFor()
    expect(await page.getByRole('button', { name: 'Save scripts and macros' }).isDisabled()).toBe(true)
    await gcode.fill('M117 purging\nG4 P1')
    await picture(page, 'set-up')
    await page.getByRole('button', { name: 'Save scripts and macros' }).click()
    await page.getByText('Saved. The printer knows it').waitFor()
    await page.getByRole('tab', { name: 'Now' }).click()
    await page.getByRole('button', { name: 'Purge' }).click()
    await farm.until(id, ({ telemetry }) => telemetry?.controls?.message === 'purging', 'the macro is carried out')
    expect(wrong).toEqual([])
  }, 60_000)

  it('says why something is refused, to who asked', async () => {
    const { page } = await open('desktop')
    await page.getByRole('button', { name: 'Feed' }).click()
    await page.getByText('heat it first').waitFor()
  }, 60_000)

  it('leads through changes of filament that the file and a person ask for, and gives an object up', async () => {
    const job = await farm.queue('plate.gcode', Buffer.from(plate), id)
    const { page, wrong } = await open('phone')
    await page.getByRole('heading', { name: 'Change of filament' }).waitFor({ timeout: 30_000 })
    await page.getByText('The file asks for other filament.').first().waitFor()
    await page.getByRole('button', { name: 'Go on with the old one' }).click({ timeout: 30_000 })
    await page.getByRole('heading', { name: 'Change of filament' }).waitFor({ state: 'detached' })
    await page.getByText('Layer 1 of 9').first().waitFor()

    await page.getByRole('button', { name: 'Give up fork' }).click()
    await page.getByRole('button', { name: 'Give it up' }).click()
    await page.getByText('Given up').waitFor()

    await page.getByRole('button', { name: 'Change filament' }).click()
    await page.getByRole('button', { name: 'Load it' }).click({ timeout: 30_000 })
    const clean = page.getByRole('button', { name: 'It is clean: go on' })
    await clean.waitFor({ timeout: 30_000 })
    await page.evaluate('scrollTo(0, 0)')
    await picture(page, 'phone-filament')
    await clean.click()
    await farm.until(id, ({ telemetry }) => telemetry?.state === 'printing', 'it goes on')

    const { page: desk } = await open('desktop')
    await desk.getByRole('button', { name: 'Pause' }).waitFor()
    await picture(desk, 'desktop-printing')
    await desk.getByRole('button', { name: 'Cancel' }).click()
    await desk.getByRole('button', { name: 'Cancel it' }).click()
    await farm.until(id, ({ print }) => print === null, 'it is cancelled')
    expect(job).toBeGreaterThan(0)
    expect(wrong).toEqual([])
  }, 120_000)
})
