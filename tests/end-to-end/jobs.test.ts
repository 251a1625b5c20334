import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { Client } from '../../launch/demo/client.ts'
import { changeJobSettings } from '../../server/contract/approvals.ts'
import { changeJob, listJobs } from '../../server/contract/jobs.ts'
import { acceptInvitation, invite } from '../../server/contract/members.ts'
import { changePrivacy } from '../../server/contract/site.ts'
import { openBrowser, openPage } from '../support/browser.ts'
import { type Farm, openFarm } from '../support/farm.ts'

const cube = readFileSync(fileURLToPath(new URL('../fixtures/cube.gcode', import.meta.url)))
const PASSWORD = 'a long password'

let browser: Browser
let farm: Farm
let printerId = 0
beforeAll(async () => {
  browser = await openBrowser()
  farm = await openFarm()
  printerId = (await farm.addPrinter('Etxe', { speed: 200 })).id
  return async () => {
    await browser.close()
    await farm.close()
  }
}, 60_000)

const signIn = async (page: Page, name = 'Maite'): Promise<void> => {
  await page.goto('/')
  await page.getByLabel('Name').fill(name)
  await page.locator('input[type=password]').fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Printers' }).waitFor()
}

const go = async (page: Page, place: string): Promise<void> => {
  await page.getByRole('link', { name: place, exact: true }).filter({ visible: true }).first().click()
  await page.getByRole('heading', { name: place, level: 1 }).waitFor()
}

/** G-code that differs by its name: files of the same bytes are one. */
const part = (name: string): Buffer => Buffer.concat([Buffer.from(`; ${name}\n`), cube])

describe('in the browser', () => {
  it('a spool is added and loaded, and loses what a print takes', async () => {
    const { page, wrong } = await openPage(browser, farm.address, 'desktop')
    await signIn(page)
    await go(page, 'Spools')
    await page.getByRole('button', { name: 'Add a spool' }).click()
    const form = page.getByRole('dialog')
    await form.getByLabel('Made by').fill('Hari')
    await form.getByLabel('Name of the colour').fill('Slate')
    await form.getByLabel('Place').fill('Shelf 2')
    await form.getByLabel('Empty spool (g)').fill('240')
    await form.getByRole('button', { name: 'Add the spool' }).click()
    await page.getByText('PLA · Slate · Hari').waitFor()
    await page.getByRole('button', { name: 'What can be done with spool 1' }).click()
    await page.getByRole('menuitem', { name: 'Load into a printer' }).click()
    await page.getByRole('button', { name: 'It is loaded' }).click()
    await page.getByText('Loaded in Etxe').waitFor()
    await farm.untilJob(await farm.queue('first.gcode', part('first')), ['done'])
    await page.getByText('1,000 g left').waitFor({ state: 'detached', timeout: 20_000 })
    await page.getByRole('button', { name: 'What can be done with spool 1' }).click()
    await page.getByRole('menuitem', { name: 'Weigh it' }).click()
    await page.getByLabel('Weight (g)').fill('1140')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('900 g left').waitFor()
    expect(wrong).toEqual([])
  }, 90_000)

  it('a job is queued with wishes, moved by keys, changed, held and looked into', async () => {
    const { page, wrong } = await openPage(browser, farm.address, 'desktop')
    await signIn(page)
    for (const name of ['hook', 'lid']) await farm.steward.upload(`${name}.gcode`, part(name))
    await go(page, 'Files')
    for (const name of ['hook', 'lid']) {
      const file = page.getByRole('article', { name: `${name}.gcode` })
      await file.getByText('27 layers').waitFor({ timeout: 20_000 })
      await file.getByRole('button', { name: 'Copies, printer, time…' }).click()
      const form = page.getByRole('dialog')
      await form.getByLabel('Copies').fill('3')
      await form.getByLabel('Note').fill(`for the ${name}`)
      await form.getByRole('button', { name: 'Queue it' }).click()
      await page.getByText(`${name}.gcode is in the queue`).waitFor()
    }
    await go(page, 'Queue')
    const waiting = page.getByRole('region', { name: 'Waiting' })
    const names = (): Promise<string[]> => waiting.locator('.job-name').allInnerTexts()
    await expect.poll(names).toEqual(['hook.gcode', 'lid.gcode'])
    await waiting.getByRole('button', { name: 'Move lid.gcode' }).focus()
    await page.keyboard.press('ArrowUp')
    await expect.poll(names).toEqual(['lid.gcode', 'hook.gcode'])
    await waiting
      .getByRole('button', { name: 'Move hook.gcode' })
      .dragTo(waiting.getByRole('button', { name: 'lid.gcode', exact: true }))
    await expect.poll(names).toEqual(['hook.gcode', 'lid.gcode'])

    await waiting.getByRole('button', { name: 'hook.gcode', exact: true }).click()
    const drawer = page.getByRole('dialog')
    await drawer.getByText('for the hook').waitFor()
    await drawer.getByRole('tab', { name: 'Change' }).click()
    await drawer.getByRole('textbox', { name: 'Copies' }).fill('5')
    await drawer.getByRole('button', { name: 'Save' }).click()
    await drawer.getByText('0 of 5 done').waitFor()
    await drawer.getByRole('tab', { name: 'What happened' }).click()
    await drawer.getByText('Moved in the queue').first().waitFor()
    await page.keyboard.press('Escape')
    await waiting.getByRole('button', { name: 'What can be done with hook.gcode' }).click()
    await page.getByRole('menuitem', { name: 'Hold it' }).click()
    await waiting.getByText('It is held.').waitFor()
    await waiting.getByRole('button', { name: 'What can be done with hook.gcode' }).click()
    await page.getByRole('menuitem', { name: 'Take it out of the queue' }).click()
    await expect.poll(names).toEqual(['lid.gcode'])
    await page.getByRole('button', { name: 'Show past jobs' }).click()
    const past = page.getByRole('region', { name: 'Past' })
    await past.getByRole('button', { name: 'What can be done with hook.gcode' }).click()
    await page.getByRole('menuitem', { name: 'Duplicate, and change it' }).click()
    await page.getByRole('dialog').getByText('It is held.').waitFor()
    expect(wrong).toEqual([])
  }, 90_000)

  it('an operator says no with a reason on the phone, and the member reads it', async () => {
    await farm.steward.call(changePrivacy, { body: { showsNames: true } })
    await farm.steward.call(changeJobSettings, { body: { approvalRoles: ['member'] } })
    const { token } = await farm.steward.call(invite, { body: { role: 'member' } })
    const ane = new Client(farm.address)
    await ane.call(acceptInvitation, { body: { token, name: 'Ane', password: PASSWORD } })
    const { page, wrong } = await openPage(browser, farm.address, 'phone')
    await signIn(page, 'Ane')
    await go(page, 'Files')
    await page.getByRole('article', { name: 'lid.gcode' }).getByRole('button', { name: 'Queue it' }).click()
    await go(page, 'Queue')
    await page.getByText('It waits for an operator to say yes.').waitFor()

    const operator = await openPage(browser, farm.address, 'phone')
    await signIn(operator.page)
    await go(operator.page, 'Queue')
    const inbox = operator.page.getByRole('region', { name: 'Waits for your yes' })
    await inbox.getByText('lid.gcode').waitFor()
    await inbox.getByRole('button', { name: 'No…' }).click()
    await operator.page.getByLabel('Reason').fill('The walls are too thin.')
    await operator.page.getByRole('button', { name: 'Refuse it' }).click()
    await inbox.waitFor({ state: 'detached' })
    await page.getByText('The walls are too thin.').waitFor()
    expect([...wrong, ...operator.wrong]).toEqual([])
  }, 90_000)

  it('a printer is taken out of service with a reason, and what it needs is due and done', async () => {
    const [job] = await farm.steward.call(listJobs, { query: {} })
    await farm.steward.call(changeJob, { params: { id: job?.id as number }, body: { printerId } })
    const { page, wrong } = await openPage(browser, farm.address, 'desktop')
    await signIn(page)
    await page.getByRole('link', { name: 'Etxe' }).click()
    await page.getByRole('tab', { name: 'Maintenance' }).click()
    await page.getByRole('button', { name: 'Add a task' }).click()
    await page.getByRole('textbox', { name: 'Task' }).fill('Grease the rods')
    await page.getByLabel('Hours of printing').fill('100')
    await page.getByRole('button', { name: 'Add it' }).click()
    await page.getByText('in 100 h of printing').waitFor()
    await page.getByRole('button', { name: 'Done' }).click()
    await page.getByRole('region', { name: 'What was done' }).getByText('Grease the rods').waitFor()
    await page.getByLabel('Take it out of service').fill('The nozzle is blocked.')
    await page.getByRole('button', { name: 'Out of service' }).click()
    await page.getByRole('button', { name: 'It works again' }).waitFor()
    await go(page, 'Queue')
    await page
      .getByRole('button', { name: job?.fileName as string, exact: true })
      .first()
      .click()
    await page.getByRole('dialog').getByText('Etxe is out of service').waitFor()
    expect(wrong).toEqual([])
  }, 90_000)
})
