import { Secret, TOTP } from 'otpauth'
import type { Browser, Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, openPage } from '../support/browser.ts'
import { Farm } from '../support/farm.ts'

const PASSWORD = 'a long password'

let browser: Browser
const farm = new Farm({})
beforeAll(async () => {
  browser = await openBrowser()
  await farm.startServer()
  const { page } = await openPage(browser, farm.address, 'desktop')
  await page.goto('/')
  await page.getByLabel('Name of the workshop').fill('Aldapa')
  await page.getByLabel('Your name').fill('Maite')
  await page.locator('input[type=password]').fill(PASSWORD)
  await page.getByRole('button', { name: 'Open the workshop' }).click()
  await page.getByText('No printer yet').waitFor()
  await page.context().close()
  return async () => {
    await browser.close()
    await farm.close()
  }
}, 60_000)

const signIn = async (page: Page, name: string, password = PASSWORD): Promise<void> => {
  await page.goto('/')
  await page.getByLabel('Name').fill(name)
  await page.locator('input[type=password]').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

const toAccount = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: /: account$/ }).click()
  await page.getByRole('menuitem', { name: 'Account' }).click()
  await page.getByRole('heading', { name: 'Account', level: 1 }).waitFor()
}

const number = (secret: string, ahead = 0): string =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + ahead * 30_000 })

describe('members in the browser', () => {
  it('somebody is invited, joins on the phone, is changed, and finds the way back by a handed-over link', async () => {
    const { page, wrong } = await openPage(browser, farm.address, 'desktop')
    await signIn(page, 'Maite')
    await page.getByRole('link', { name: 'Members' }).first().click()
    await page.getByLabel('For whom').fill('Ane from the choir')
    await page.getByRole('button', { name: 'Make a link' }).click()
    const link = await page.getByRole('textbox', { name: 'Invitation' }).inputValue()
    await page.getByText('Ane from the choir').waitFor()

    const phone = await openPage(browser, farm.address, 'phone')
    await phone.page.goto(new URL(link).pathname)
    await phone.page.getByLabel('Your name').fill('Ane')
    await phone.page.locator('input[type=password]').fill(PASSWORD)
    await phone.page.getByRole('button', { name: 'Join' }).click()
    await phone.page.getByRole('heading', { name: 'Printers' }).waitFor()

    const row = page.getByRole('listitem').filter({ hasText: 'Ane' })
    await page.getByRole('button', { name: 'Change Ane' }).click()
    await page.getByRole('dialog').getByRole('combobox', { name: 'Role' }).click()
    await page.getByRole('option', { name: 'Operator: runs the machines' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await row.getByText('Operator').waitFor()

    await page.getByRole('button', { name: 'Change Ane' }).click()
    await page.getByRole('button', { name: 'Link for a new password' }).click()
    const reset = await page.getByRole('textbox', { name: 'Link for a new password' }).inputValue()
    await page.getByRole('button', { name: 'Sign out everywhere, revoke keys' }).click()
    // Her open page is put out at once, without a press of hers.
    await phone.page.getByRole('button', { name: 'Sign in' }).waitFor()
    await phone.page.getByRole('link', { name: 'Forgotten your password?' }).click()
    await phone.page.getByText('Ask a steward of the workshop').waitFor()
    await phone.page.goto(new URL(reset).pathname)
    await phone.page.locator('input[type=password]').fill('quite another password')
    await phone.page.getByRole('button', { name: 'Set the password' }).click()
    await phone.page.getByText('Your new password holds, Ane').waitFor()
    await signIn(phone.page, 'Ane', 'quite another password')
    await phone.page.getByRole('heading', { name: 'Printers' }).waitFor()
    expect(wrong).toEqual([])
  }, 90_000)

  it('a second factor is turned on, asked for at the door, and a recovery code opens too', async () => {
    const { page, wrong } = await openPage(browser, farm.address, 'phone')
    await signIn(page, 'Maite')
    await page.getByRole('heading', { name: 'Printers' }).waitFor()
    await toAccount(page)
    await page.getByRole('button', { name: 'Turn it on' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.locator('input[type=password]').fill(PASSWORD)
    await dialog.getByRole('button', { name: 'Go on' }).click()
    await dialog.getByRole('img', { name: 'QR code with the secret for your app' }).waitFor()
    const secret = await dialog.getByRole('textbox', { name: 'Secret' }).inputValue()
    await dialog.getByLabel('The six digits that it shows').fill(number(secret))
    await dialog.getByRole('button', { name: 'Turn it on' }).click()
    const codes = dialog.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem')
    await codes.first().waitFor()
    expect(await codes.count()).toBe(10)
    const recovery = (await codes.first().textContent()) ?? ''
    await dialog.getByRole('button', { name: 'I have kept them' }).click()
    await page.getByText('10 recovery codes are left').waitFor()
    expect(wrong).toEqual([])

    const other = (await openPage(browser, farm.address, 'desktop')).page
    await signIn(other, 'Maite')
    await other.getByLabel('Second factor').fill('000000')
    await other.getByRole('button', { name: 'Sign in' }).click()
    await other.getByText('This code is wrong').waitFor()
    await other.getByLabel('Second factor').fill(number(secret, 1))
    await other.getByRole('button', { name: 'Sign in' }).click()
    await other.getByRole('heading', { name: 'Printers' }).waitFor()

    const third = (await openPage(browser, farm.address, 'desktop')).page
    await signIn(third, 'Maite')
    await third.getByLabel('Second factor').fill(recovery)
    await third.getByRole('button', { name: 'Sign in' }).click()
    await third.getByRole('heading', { name: 'Printers' }).waitFor()
    await toAccount(third)
    await third.getByText('9 recovery codes are left').waitFor()

    await third.getByRole('button', { name: 'Sign out everywhere else' }).click()
    await other.getByRole('button', { name: 'Sign in' }).waitFor()
    await third.getByRole('button', { name: 'Turn it off' }).click()
    await third.getByLabel('A number of the app, or a recovery code').fill('AAAA-BBBB-CCCC-DDDD')
    await third.getByRole('dialog').getByRole('button', { name: 'Turn it off' }).click()
    await third.getByText('This code is wrong').waitFor()
  }, 90_000)

  it('a key is made, shown once, used, and revoked', async () => {
    const { page, wrong } = await openPage(browser, farm.address, 'desktop')
    await signIn(page, 'Ane', 'quite another password')
    await page.getByRole('heading', { name: 'Printers' }).waitFor()
    await toAccount(page)
    await page.getByRole('button', { name: 'Make a key' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('Slicer')
    await dialog.getByRole('button', { name: 'Make the key' }).click()
    const key = await dialog.getByRole('textbox', { name: 'Key' }).inputValue()
    await dialog.getByRole('button', { name: 'I have kept it' }).click()
    const ask = async (): Promise<number> =>
      (await fetch(`${farm.address}/api/printers`, { headers: { authorization: `Bearer ${key}` } })).status
    expect(await ask()).toBe(200)
    await page.getByRole('button', { name: 'Revoke Slicer' }).click()
    await page.getByRole('button', { name: 'Revoke Slicer' }).waitFor({ state: 'detached' })
    expect(await ask()).toBe(401)
    expect(wrong).toEqual([])
  }, 60_000)
})
