import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, openPage } from '../support/browser.ts'
import { Farm } from '../support/farm.ts'
import { freezeDatabase } from '../support/frozen-database.ts'
import { commandsOf } from '../support/gcode.ts'
import { startSimulator } from '../support/processes.ts'

const cube = fileURLToPath(new URL('../fixtures/cube.gcode', import.meta.url))
const PASSWORD = 'a long password'

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
  return () => browser.close()
})

const signIn = async (page: Page): Promise<void> => {
  await page.goto('/')
  await page.getByLabel('Name').fill('Maite')
  await page.locator('input[type=password]').fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Printers' }).waitFor()
}

const go = async (page: Page, place: string): Promise<void> => {
  await page.getByRole('link', { name: place, exact: true }).filter({ visible: true }).first().click()
  await page.getByRole('heading', { name: place, level: 1 }).waitFor()
}

describe('in the browser', () => {
  const farm = new Farm({})
  let record = ''
  beforeAll(async () => {
    await farm.startServer()
    await farm.startBridge('room')
    record = join(farm.folder, 'record.txt')
    const { program } = await startSimulator({ link: join(farm.ports, 'Etxe'), record, speed: 60 })
    return async () => {
      await program.kill()
      await farm.close()
    }
  })

  it('the first steward names the workshop, adds a printer, and prints a part from upload to a clear bed', async () => {
    const { page, wrong } = await openPage(browser, farm.address, 'desktop')
    await page.goto('/')
    await page.getByLabel('Name of the workshop').fill('Aldapa')
    await page.getByLabel('Your name').fill('Maite')
    await page.locator('input[type=password]').fill(PASSWORD)
    await page.getByRole('button', { name: 'Open the workshop' }).click()
    await page.getByText('No printer yet').waitFor()

    await page.getByRole('button', { name: 'Add a printer' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('Etxe')
    await dialog.getByRole('radio', { name: 'Etxe' }).click()
    await dialog.getByRole('button', { name: 'Add the printer' }).click()
    const card = page.getByRole('article', { name: 'Etxe' })
    await card.getByText('Nobody knows what lies on the bed').waitFor({ timeout: 20_000 })
    await card.getByRole('button', { name: 'The bed is clear' }).click()
    await card.getByText('Ready').waitFor()

    await go(page, 'Files')
    await page.getByLabel('G-code files').setInputFiles(cube)
    const file = page.getByRole('article', { name: 'cube.gcode' })
    await file.getByText('27 layers').waitFor({ timeout: 20_000 })
    await file.getByRole('button', { name: 'Queue it' }).click()
    await page.getByText('cube.gcode is in the queue').waitFor()

    await go(page, 'Printers')
    await card.getByText('Printing').waitFor()
    await card.getByText('cube.gcode').waitFor()
    await card.getByText(/left · done at/).waitFor()
    await page.getByRole('link', { name: 'Etxe' }).click()
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByRole('button', { name: 'Resume' }).click({ timeout: 20_000 })
    await page.getByText('A part lies on the bed').waitFor({ timeout: 60_000 })
    await page.getByRole('button', { name: 'The bed is clear' }).click()
    await page.getByText('Nothing is being printed').waitFor()
    await page.getByRole('tab', { name: 'Past prints' }).click()
    await page.getByRole('cell', { name: 'Complete' }).waitFor()

    const printed = readFileSync(record, 'latin1')
    for (const command of commandsOf(cube).slice(0, 40)) expect(printed).toContain(`\t${command}\n`)
    expect(wrong).toEqual([])
  }, 150_000)

  it('a part is stopped on the phone, and its member decides what becomes of it', async () => {
    const { page, wrong } = await openPage(browser, farm.address, 'phone')
    await signIn(page)
    await go(page, 'Files')
    await page.getByRole('article', { name: 'cube.gcode' }).getByRole('button', { name: 'Queue it' }).click()
    await go(page, 'Printers')
    await page.getByRole('link', { name: 'Etxe' }).click()
    await page.getByRole('button', { name: 'Cancel' }).click({ timeout: 20_000 })
    await page.getByRole('button', { name: 'Cancel it' }).click()
    await page.getByText('A part lies on the bed').waitFor({ timeout: 30_000 })
    await go(page, 'Queue')
    await page.getByText('Cancelled by Maite.').waitFor()
    await page.getByRole('button', { name: 'Give it up' }).click()
    await page.getByText('Nobody waits').waitFor()
    expect(wrong).toEqual([])
  }, 90_000)

  it('what cannot be printed is refused with a sentence', async () => {
    const { page } = await openPage(browser, farm.address, 'desktop')
    await signIn(page)
    await go(page, 'Files')
    const refused = async (name: string, content: string): Promise<void> => {
      await page
        .getByLabel('G-code files')
        .setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(content) })
    }
    await refused('model.gcode', 'solid part\n facet normal 0 0 1\n')
    await page.getByText('model.gcode is a model, not G-code. Slice it first').waitFor()
    await refused('empty.gcode', '')
    await page.getByText('empty.gcode is empty').waitFor()
    await page.getByLabel('G-code files').setInputFiles(cube)
    await page.getByText('This file is here already, as cube.gcode').waitFor()
  }, 60_000)

  it('the console shows what goes over the wire, and sends', async () => {
    const { page, wrong } = await openPage(browser, farm.address, 'desktop')
    await signIn(page)
    await page.getByRole('link', { name: 'Etxe' }).click()
    await page.getByLabel('G-code to send').fill('m119')
    await page.keyboard.press('Enter')
    await page.getByRole('log').getByText('Reporting endstop status').waitFor()
    await page.getByLabel('G-code to send').fill('M112')
    await page.keyboard.press('Enter')
    await page.getByText('use the emergency stop').waitFor()
    expect(wrong).toEqual([])
  }, 60_000)

  it('the picture says since when it is old while the server is away, and comes back by itself', async () => {
    const { page } = await openPage(browser, farm.address, 'desktop')
    await signIn(page)
    await farm.server.kill()
    await page.getByText('The connection to the server is lost').waitFor({ timeout: 15_000 })
    await farm.startServer()
    await page.getByText('The connection to the server is lost').waitFor({ state: 'detached', timeout: 30_000 })
    await page.getByRole('article', { name: 'Etxe' }).waitFor()
  }, 90_000)

  it('an emergency is one press away on every printer page, also while the database answers nothing', async () => {
    const { page } = await openPage(browser, farm.address, 'phone')
    await signIn(page)
    await page.getByRole('link', { name: 'Etxe' }).click()
    const button = page.getByRole('button', { name: 'Emergency stop' })
    await button.waitFor()
    const thaw = freezeDatabase(farm)
    try {
      const answered = page.waitForResponse((response) => response.url().endsWith('/emergency-stop'), { timeout: 5000 })
      await button.click()
      expect(await (await answered).json()).toEqual({ state: 'done', answer: null })
    } finally {
      thaw()
    }
    await page.getByText('Stopped in an emergency by Maite').waitFor()
    await page.getByRole('button', { name: 'Connect anew' }).waitFor()
  }, 60_000)
})
