import type { Browser, Locator, Page } from 'playwright-core'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { Client } from '../../launch/demo/client.ts'
import { type Claim, cancelBooking, createBooking, listBookings } from '../../server/contract/bookings.ts'
import { listWaiting, removeWaiting } from '../../server/contract/handovers.ts'
import { acceptInvitation, invite } from '../../server/contract/members.ts'
import { addPrinter } from '../../server/contract/printers.ts'
import { changePrivacy } from '../../server/contract/site.ts'
import { openBrowser, openPage } from '../support/browser.ts'
import { Farm } from '../support/farm.ts'
import { profile } from '../support/fleet.ts'

const PASSWORD = 'a long password'

let browser: Browser
const farm = new Farm({})
const members = new Map<string, Client>()
const printers = new Map<string, number>()

beforeAll(async () => {
  browser = await openBrowser()
  await farm.startServer()
  await farm.signUp()
  await farm.steward.call(changePrivacy, { body: { showsNames: true } })
  for (const name of ['Prusa 1', 'Prusa 2', 'Voron']) {
    const body = { name, bridge: 'room', address: `/dev/${name.replace(' ', '-')}`, baudRate: 0, profile }
    printers.set(name, (await farm.steward.call(addPrinter, { body })).id)
  }
  for (const name of ['Ane', 'Iker']) {
    const { token } = await farm.steward.call(invite, { body: { role: 'member' } })
    const member = new Client(farm.address)
    await member.call(acceptInvitation, { body: { token, name, password: PASSWORD } })
    members.set(name, member)
  }
  return async () => {
    await browser.close()
    await farm.close()
  }
}, 60_000)

const member = (name: string): Client => members.get(name) as Client

const dateIn = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

const book = (name: string, printer: string, start: string, minutes: number): Promise<Claim> =>
  member(name).call(createBooking, {
    body: { wish: { printerId: printers.get(printer) as number }, start: `${start}:00Z`, minutes },
  })

const bookingsOf = async (name: string): Promise<string[]> =>
  (await member(name).call(listBookings, { query: {} }))
    .filter(({ state }) => state === 'booked')
    .map(({ printerName, start, end }) => `${printerName} ${start.slice(0, 16)} ${end.slice(11, 16)}`)

const cancelAll = async (name: string): Promise<void> => {
  for (const { id } of await member(name).call(listWaiting, {})) {
    await member(name).call(removeWaiting, { params: { id } })
  }
  for (const { id } of await member(name).call(listBookings, { query: {} })) {
    await member(name).call(cancelBooking, { params: { id }, body: { late: true } })
  }
}

const signIn = async (page: Page, name: string): Promise<void> => {
  await page.goto('/')
  await page.getByLabel('Name').fill(name)
  await page.locator('input[type=password]').fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Printers' }).waitFor()
}

/** Where on the line of a printer an hour of the shown day lies. */
const spot = async (page: Page, printer: string, hour: number): Promise<{ x: number; y: number }> => {
  const track = page.getByRole('row').filter({ hasText: printer }).locator('[data-printer]')
  const box = await track.boundingBox()
  if (box === null) throw new Error(`${printer} has no line.`)
  return { x: box.x + (box.width * hour) / 24, y: box.y + box.height / 3 }
}

const drag = async (page: Page, from: { x: number; y: number }, to: { x: number; y: number }): Promise<void> => {
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  await page.mouse.move((from.x + to.x) / 2, to.y, { steps: 4 })
  await page.mouse.move(to.x, to.y, { steps: 4 })
  await page.mouse.up()
}

const form = (page: Page): Locator => page.getByRole('dialog')

describe('bookings in the browser', () => {
  afterEach(async () => {
    await cancelAll('Ane')
    await cancelAll('Iker')
  })

  it('are drawn, moved and stretched with the mouse, and the form has the last word', async () => {
    const { page, wrong } = await openPage(browser, farm.address, 'desktop')
    await signIn(page, 'Ane')
    const day = dateIn(3)
    await page.goto(`/bookings?date=${day}`)
    await page.getByRole('grid').waitFor()
    const at = (printer: string, hour: number) => spot(page, printer, hour)
    // A little into the quarter of an hour in which it begins and ends.
    await drag(page, await at('Prusa 2', 14.1), await at('Prusa 2', 15.9))
    await form(page).getByText('Prusa 2, ').waitFor()
    await form(page).getByText('Kept for you until').waitFor()
    expect(await form(page).getByLabel('Start').inputValue()).toBe('14:00')
    expect(await bookingsOf('Ane')).toEqual([])
    await form(page).getByRole('button', { name: 'Book it' }).click()
    await form(page).waitFor({ state: 'detached' })
    expect(await bookingsOf('Ane')).toEqual([`Prusa 2 ${day}T14:00 16:00`])

    const block = page.locator('[data-claim]').filter({ hasText: 'Mine' })
    await block.waitFor()
    await drag(page, await at('Prusa 2', 15), await at('Voron', 18))
    await form(page).getByText('Voron, ').waitFor()
    await form(page).getByRole('button', { name: 'Save the change' }).click()
    await form(page).waitFor({ state: 'detached' })
    expect(await bookingsOf('Ane')).toEqual([`Voron ${day}T17:00 19:00`])

    await block.waitFor()
    const edge = await block.boundingBox()
    if (edge === null) throw new Error('The booking is not drawn.')
    await drag(page, { x: edge.x + edge.width - 3, y: edge.y + 10 }, await at('Voron', 20.1))
    await form(page).getByRole('button', { name: 'Save the change' }).click()
    await form(page).waitFor({ state: 'detached' })
    expect(await bookingsOf('Ane')).toEqual([`Voron ${day}T17:00 20:15`])
    expect(wrong).toEqual([])
  }, 90_000)

  it('are made, moved and cancelled by the keyboard alone, and what is drawn is spoken', async () => {
    const day = dateIn(4)
    await book('Iker', 'Prusa 2', `${day}T18:30`, 60)
    const { page, wrong } = await openPage(browser, farm.address, 'desktop')
    await signIn(page, 'Ane')
    await page.goto(`/bookings?date=${dateIn(3)}`)
    const grid = page.getByRole('grid')
    await grid.waitFor()
    await page.locator('[role=gridcell][tabindex="0"]').focus()
    const press = async (key: string, times = 1): Promise<void> => {
      for (let count = 0; count < times; count += 1) await page.keyboard.press(key)
    }
    await press('PageDown')
    await page.getByRole('grid', { name: new RegExp(String(Number(day.slice(8)))) }).waitFor()
    await press('Home')
    await press('ArrowDown')
    await press('ArrowRight', 28)
    await press('Shift+ArrowRight', 3)
    await page.getByText(/^Prusa 2, .* 14:00–16:00, free until 18:30$/).waitFor()
    await press('Enter')
    await form(page).getByText('Kept for you until').waitFor()
    await form(page).getByRole('textbox', { name: 'What for' }).focus()
    await page.keyboard.type('lamp shade')
    await press('Enter')
    await form(page).waitFor({ state: 'detached' })
    expect(await bookingsOf('Ane')).toEqual([`Prusa 2 ${day}T14:00 16:00`])

    await page.locator('[data-claim]').filter({ hasText: 'lamp shade' }).waitFor()
    await page.locator('[role=gridcell][tabindex="0"]').focus()
    await press('Space')
    await page.getByText(/^Picked up: /).waitFor()
    await press('ArrowLeft', 2)
    await press('ArrowUp')
    await press('Shift+ArrowRight')
    await page.getByText(/^Prusa 1, .* 13:00–15:30, free$/).waitFor()
    await press('Enter')
    await form(page).getByText('It can be booked so.').waitFor()
    await form(page).getByRole('textbox', { name: 'What for' }).focus()
    await press('Enter')
    await form(page).waitFor({ state: 'detached' })
    expect(await bookingsOf('Ane')).toEqual([`Prusa 1 ${day}T13:00 15:30`])

    await page.locator('[role=gridcell][tabindex="0"]').focus()
    await press('Enter')
    await form(page).getByRole('button', { name: 'Cancel the booking' }).focus()
    await press('Enter')
    // The dialog takes the focus to itself while it opens: the key is for this button.
    await page.getByRole('button', { name: 'Cancel it', exact: true }).press('Enter')
    await page.locator('[data-claim]').filter({ hasText: 'lamp shade' }).waitFor({ state: 'detached' })
    expect(await bookingsOf('Ane')).toEqual([])
    expect(wrong).toEqual([])
  }, 90_000)

  it('are found and made on a phone', async () => {
    const { page, wrong } = await openPage(browser, farm.address, 'phone')
    await signIn(page, 'Ane')
    await page.getByRole('link', { name: 'Bookings' }).filter({ visible: true }).click()
    await page.getByRole('button', { name: 'Find me a time' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('How long, hours').fill('3')
    await dialog.getByRole('combobox', { name: 'When' }).click()
    await page.getByRole('option', { name: 'Tomorrow' }).click()
    await dialog.getByRole('button', { name: 'Find me a time' }).click()
    const proposals = dialog.getByRole('status').getByRole('button')
    await proposals.first().waitFor()
    expect(await proposals.count()).toBe(3)
    await proposals.nth(1).click()
    await form(page).getByText('Kept for you until').waitFor()
    await form(page).getByRole('button', { name: 'Book it' }).click()
    await form(page).waitFor({ state: 'detached' })
    const [made] = await bookingsOf('Ane')
    expect(made).toContain(dateIn(1))
    await page.getByRole('button', { name: new RegExp(` ${Number(dateIn(1).slice(8))} `) }).click()
    await page.getByRole('button', { name: /Mine/ }).click()
    await form(page).getByText('booked').waitFor()
    expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true)
    expect(wrong).toEqual([])
  }, 90_000)

  it('that break rules are told all of them at once, and those that are taken what is free near it', async () => {
    const day = dateIn(5)
    await book('Iker', 'Voron', `${day}T10:00`, 120)
    const { page, wrong } = await openPage(browser, farm.address, 'desktop')
    await signIn(page, 'Ane')
    await page.goto(`/bookings?date=${day}`)
    await page.getByRole('button', { name: 'Book', exact: true }).click()
    await form(page).getByRole('combobox', { name: 'Printer' }).click()
    await page.getByRole('option', { name: 'Voron' }).click()
    await form(page).getByLabel('Date').fill(dateIn(40))
    await form(page).getByLabel('Start').fill('10:07')
    await form(page).getByLabel('Length, hours').fill('30')
    const rules = form(page).getByRole('list', { name: 'What stands in the way' }).getByRole('listitem')
    await rules.nth(2).waitFor()
    expect(await rules.allInnerTexts()).toEqual(
      expect.arrayContaining([
        expect.stringContaining('It begins more than 14 days ahead.'),
        expect.stringContaining('in steps of 15 minutes'),
        expect.stringContaining('is longer than the longest booking'),
      ]),
    )
    await form(page).getByLabel('Date').fill(day)
    await form(page).getByLabel('Start').fill('10:30')
    await form(page).getByLabel('Length, hours').fill('1')
    await form(page).getByText('It is taken then').waitFor()
    await form(page).getByRole('button', { name: 'Wait for it' }).click()
    await form(page).waitFor({ state: 'detached' })
    expect(await member('Ane').call(listWaiting, {})).toMatchObject([{ minutes: 60, state: 'waiting' }])
    await page.getByRole('button', { name: 'Book', exact: true }).click()
    await form(page).getByRole('combobox', { name: 'Printer' }).click()
    await page.getByRole('option', { name: 'Voron' }).click()
    await form(page).getByLabel('Date').fill(day)
    await form(page).getByLabel('Start').fill('10:30')
    await form(page).getByText('It is taken then').waitFor()
    await form(page).getByRole('status').getByRole('button').first().click()
    await form(page).getByText('Kept for you until').waitFor()
    await form(page).getByRole('button', { name: 'Not now' }).click()
    await form(page).waitFor({ state: 'detached' })
    await expect.poll(async () => (await member('Ane').call(listBookings, { query: {} })).length).toBe(0)
    expect(wrong.filter((one) => !one.includes('409'))).toEqual([])
  }, 90_000)

  it('come as a series with the dates left out, are handed over, and one of them is cancelled alone', async () => {
    const day = dateIn(6)
    await book('Iker', 'Prusa 1', `${dateIn(7)}T09:00`, 60)
    const { page, wrong } = await openPage(browser, farm.address, 'desktop')
    await signIn(page, 'Ane')
    await page.goto(`/bookings?date=${day}`)
    await page.getByRole('button', { name: 'Book', exact: true }).click()
    await form(page).getByRole('combobox', { name: 'Printer' }).click()
    await page.getByRole('option', { name: 'Prusa 1' }).click()
    await form(page).getByLabel('Start').fill('09:00')
    await form(page).getByRole('combobox', { name: 'Repeat' }).click()
    await page.getByRole('option', { name: 'every day' }).click()
    await form(page).getByLabel('How many times').fill('3')
    await form(page).getByText('2 of 3 dates can be booked now').waitFor()
    await form(page).getByText('is taken then, left out').waitFor()
    await form(page).getByRole('button', { name: 'Book it' }).click()
    await page.getByText('2 dates are booked, 1 were left out.').waitFor()
    await page.getByRole('tab', { name: 'My bookings' }).click()
    const series = page.getByRole('region', { name: 'Series' })
    await series.getByText('every day').waitFor()
    await series.getByText('Left out:').waitFor()

    const coming = page.getByRole('region', { name: 'To come' }).getByRole('button')
    await coming.first().click()
    await form(page).getByRole('button', { name: 'Cancel the booking' }).click()
    await page.getByRole('button', { name: 'Cancel it', exact: true }).click()
    await expect.poll(() => bookingsOf('Ane'), { timeout: 10_000 }).toEqual([`Prusa 1 ${dateIn(8)}T09:00 10:00`])

    await coming.first().click()
    await form(page).getByLabel('Hand it over to').fill('Nobody')
    await form(page).getByRole('button', { name: 'Hand it over' }).click()
    await form(page).getByText('There is no member called Nobody').waitFor()
    await form(page).getByLabel('Hand it over to').fill('Iker')
    await form(page).getByRole('button', { name: 'Hand it over' }).click()
    await page.getByText('You offer Iker a booking').waitFor()

    const other = await openPage(browser, farm.address, 'phone')
    await signIn(other.page, 'Iker')
    await other.page.goto('/bookings/mine')
    await other.page.getByRole('button', { name: 'Take it' }).click()
    await other.page.getByText('Ane offers you a booking').waitFor({ state: 'detached' })
    expect(await bookingsOf('Iker')).toContain(`Prusa 1 ${dateIn(8)}T09:00 10:00`)
    await expect.poll(() => bookingsOf('Ane'), { timeout: 10_000 }).toEqual([])
    expect([...wrong, ...other.wrong].filter((one) => !/409|422/.test(one))).toEqual([])
  }, 90_000)

  it('give way to maintenance only after a steward has seen which', async () => {
    const day = dateIn(9)
    await book('Ane', 'Voron', `${day}T10:00`, 60)
    const { page, wrong } = await openPage(browser, farm.address, 'desktop')
    await signIn(page, 'Maite')
    await page.goto(`/bookings?date=${day}`)
    await page.getByRole('button', { name: 'Maintenance or event' }).click()
    await form(page).getByRole('combobox', { name: 'Printers' }).click()
    await page.getByRole('option', { name: 'Voron' }).click()
    await page.keyboard.press('Tab')
    await form(page).getByLabel('What for').fill('new nozzles')
    await form(page).getByRole('button', { name: 'See what it displaces' }).click()
    await form(page).getByText('1 booking makes way').waitFor()
    await form(page)
      .getByText(/^Ane, Voron, .* 10:00–11:00: is taken away; offered instead: /)
      .waitFor()
    expect(await bookingsOf('Ane')).toHaveLength(1)
    await form(page).getByRole('button', { name: 'Take the time' }).click()
    await form(page).waitFor({ state: 'detached' })
    expect(await bookingsOf('Ane')).toEqual([])
    const blocks = page.locator('[data-claim]').filter({ hasText: 'new nozzles' })
    await blocks.click()
    await form(page).getByRole('button', { name: 'Call it off' }).click()
    await blocks.waitFor({ state: 'detached' })
    expect(wrong).toEqual([])
  }, 90_000)

  it('ask for what a steward asks for, say the next step, and open once it is learnt', async () => {
    const day = dateIn(10)
    const { page, wrong } = await openPage(browser, farm.address, 'desktop')
    await signIn(page, 'Maite')
    await page.goto('/settings/bookings')
    await page.getByLabel('Shortest booking').fill('45')
    await page.getByRole('button', { name: 'Save the rules' }).click()
    await page.getByRole('button', { name: 'Save the rules' }).and(page.locator(':disabled')).waitFor()
    await page.goto('/qualifications')
    await page.getByRole('button', { name: 'Ask for a qualification' }).click()
    await form(page).getByRole('textbox', { name: 'Name' }).fill('Fumes')
    await form(page).getByRole('combobox', { name: 'Kind' }).click()
    await page.getByRole('option', { name: 'Safety' }).click()
    await form(page).getByRole('combobox', { name: 'At these printers' }).click()
    await page.getByRole('option', { name: 'Voron' }).click()
    await page.keyboard.press('Tab')
    await form(page).getByLabel('How one gets it').fill('Come on Tuesday.')
    await form(page).getByRole('button', { name: 'Save' }).click()
    await page.getByRole('article', { name: 'Fumes' }).getByText('For: Voron.').waitFor()

    const ane = await openPage(browser, farm.address, 'desktop')
    await signIn(ane.page, 'Ane')
    await ane.page.goto(`/bookings?date=${day}`)
    await ane.page.getByRole('row').filter({ hasText: 'Voron' }).getByText('To be learnt first').waitFor()
    const at = (hour: number) => spot(ane.page, 'Voron', hour)
    await drag(ane.page, await at(9.1), await at(9.4))
    const rules = form(ane.page).getByRole('list', { name: 'What stands in the way' })
    await rules.getByText('Come on Tuesday.').waitFor()
    await rules.getByText('Book at least 45 min.').waitFor()
    await form(ane.page).getByRole('link', { name: 'What is to be learnt, and who teaches it' }).click()
    await ane.page.getByRole('article', { name: 'Fumes' }).getByText('Come on Tuesday.').waitFor()

    await page.getByRole('button', { name: 'Who has learnt Fumes' }).click()
    await form(page).getByLabel('Who has learnt it').fill('Ane')
    await form(page).getByRole('button', { name: 'Grant it' }).click()
    await form(page).getByText('Ane · learner').waitFor()
    await ane.page.goto(`/bookings?date=${day}`)
    await ane.page.getByRole('grid').waitFor()
    await drag(ane.page, await at(9.1), await at(9.9))
    await form(ane.page).getByRole('button', { name: 'Book it' }).click()
    await form(ane.page).waitFor({ state: 'detached' })
    expect(await bookingsOf('Ane')).toEqual([`Voron ${day}T09:00 10:00`])

    await form(page).getByRole('button', { name: 'Take it back from Ane' }).click()
    await page.getByLabel('Reason').fill('The filter was off.')
    await page.getByRole('button', { name: 'Take it back', exact: true }).click()
    await ane.page.goto('/qualifications')
    await ane.page.getByText('The filter was off.').waitFor()
    expect([...wrong, ...ane.wrong].filter((one) => !one.includes('409'))).toEqual([])
  }, 90_000)
})
