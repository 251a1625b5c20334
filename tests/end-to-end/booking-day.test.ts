import type { Browser, Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { Client } from '../../launch/demo/client.ts'
import { cancelBooking, createBooking } from '../../server/contract/bookings.ts'
import { showPrinterCode } from '../../server/contract/during.ts'
import { addWaiting } from '../../server/contract/handovers.ts'
import { acceptInvitation, invite } from '../../server/contract/members.ts'
import { openBrowser, openPage, type screens } from '../support/browser.ts'
import { type Farm, type FarmPrinter, openFarm } from '../support/farm.ts'

const PASSWORD = 'a long password'
const HOUR = 3_600_000

let browser: Browser
let farm: Farm
let printer: FarmPrinter
let ane: Client

/** Pictures for whoever looks at them: SHOTS names the folder. */
const shoot = async (page: Page, name: string): Promise<void> => {
  const folder = process.env['SHOTS']
  if (folder === undefined) return
  // Whatever fades in has done so.
  await page.waitForTimeout(400)
  await page.screenshot({ path: `${folder}/${name}.png` })
}

const signIn = async (name: string, screen: keyof typeof screens): Promise<{ page: Page; wrong: string[] }> => {
  const opened = await openPage(browser, farm.address, screen)
  await opened.page.goto('/')
  await opened.page.getByLabel('Name').fill(name)
  await opened.page.locator('input[type=password]').fill(PASSWORD)
  await opened.page.getByRole('button', { name: 'Sign in' }).click()
  await opened.page.getByRole('heading', { name: 'Printers', level: 1 }).waitFor()
  return opened
}

beforeAll(async () => {
  browser = await openBrowser()
  farm = await openFarm()
  printer = await farm.addPrinter('Prusa')
  const { token } = await farm.steward.call(invite, { body: { role: 'member' } })
  ane = new Client(farm.address)
  await ane.call(acceptInvitation, { body: { token, name: 'Ane', password: PASSWORD } })
  return async () => {
    await browser.close()
    await farm.close()
  }
}, 90_000)

const book = (who: Client, from: number, minutes: number) =>
  who.call(createBooking, {
    body: { wish: { printerId: printer.id }, start: new Date(from).toISOString(), minutes, purpose: 'a lamp' },
  })

describe('a day with bookings', () => {
  it('rings the bell of who waits when time becomes free, and he takes it there', async () => {
    const from = Math.ceil((Date.now() + HOUR) / 900_000) * 900_000
    const taken = await book(farm.steward, from, 120)
    await ane.call(addWaiting, {
      body: {
        wish: {},
        from: new Date(from).toISOString(),
        to: new Date(from + 2 * HOUR).toISOString(),
        minutes: 90,
      },
    })
    const { page, wrong } = await signIn('Ane', 'desktop')
    await page.getByRole('button', { name: 'Notices', exact: true }).waitFor()
    await farm.steward.call(cancelBooking, { params: { id: taken.id }, body: { late: true } })
    // By the live channel: nobody loads the page anew.
    await page.getByRole('button', { name: 'Notices, 1 new' }).click()
    const list = page.getByRole('dialog', { name: 'Notices' })
    await list.getByText('Prusa is free for you').waitFor()
    await shoot(page, 'bell-desktop')
    await list.getByRole('button', { name: 'Book it' }).click()
    await list.getByRole('button', { name: 'Book it' }).waitFor({ state: 'detached' })
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Notices', exact: true }).waitFor()
    await page.goto('/account')
    await page.getByRole('heading', { name: 'Notices' }).waitFor()
    await page.getByRole('switch', { name: 'Quiet hours' }).click({ force: true })
    await page.getByLabel('From').fill('23:00')
    await page.getByRole('region', { name: 'Notices' }).getByRole('button', { name: 'Save' }).click()
    await page
      .getByRole('region', { name: 'Notices' })
      .getByRole('button', { name: 'Save' })
      .and(page.locator('[disabled]'))
      .waitFor()
    await page.getByRole('button', { name: 'Make a link' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Make the link' }).click()
    const address = await page.getByRole('textbox', { name: 'Address of the calendar' }).inputValue()
    const feed = await fetch(address)
    expect(await feed.text()).toContain('SUMMARY:Booked: Prusa')
    await page.getByRole('button', { name: 'I have kept it' }).click()
    await page.getByRole('region', { name: 'Notices' }).scrollIntoViewIfNeeded()
    await shoot(page, 'account-desktop')
    expect(wrong).toEqual([])
    await page.context().close()
  })

  it('is begun at the printer, on the phone, by the code on its sign', async () => {
    const desk = await signIn('Maite', 'desktop')
    await desk.page.goto(`/printers/${printer.id}/sign`)
    await desk.page.getByRole('img', { name: 'Code for checking in at Prusa' }).waitFor()
    await shoot(desk.page, 'sign-desktop')
    await desk.page.goto('/settings')
    await desk.page.getByRole('heading', { name: 'Public holidays' }).scrollIntoViewIfNeeded()
    const year = new Date().getUTCFullYear() + 1
    await desk.page.locator('input[type=file]').setInputFiles({
      name: 'days.ics',
      mimeType: 'text/calendar',
      buffer: Buffer.from(
        `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nX-WR-CALNAME:Festivos\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:${year}0106\r\nSUMMARY:Epifanía\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`,
      ),
    })
    await desk.page.getByRole('button', { name: /^Closed on Epifanía/ }).waitFor()
    await shoot(desk.page, 'holidays-desktop')
    await desk.page.getByRole('button', { name: /^Closed on Epifanía/ }).click()
    await desk.page.getByRole('button', { name: /^Closed on Epifanía/ }).waitFor({ state: 'detached' })

    const { code } = await farm.steward.call(showPrinterCode, { params: { id: printer.id } })
    const { page, wrong } = await signIn('Ane', 'phone')
    await page.goto(`/check-in/${code}`)
    await page.getByText('You can check in a quarter of an hour before').waitFor()
    await shoot(page, 'check-in-none')
    await book(ane, Date.now(), 30)
    await page.getByRole('button', { name: 'I am here' }).waitFor()
    await shoot(page, 'check-in-arrive')
    await page.getByRole('button', { name: 'I am here' }).click()
    await page.getByText('You are checked in').waitFor()
    await shoot(page, 'check-in-there')
    await page.getByRole('button', { name: /^I am done/ }).click()
    await page.getByText('You are checked in').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: /^Notices/ }).click()
    await shoot(page, 'bell-phone')
    expect([...wrong, ...desk.wrong]).toEqual([])
  })
})
