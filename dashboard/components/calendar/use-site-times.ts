// The workshop's time zone for everything below it, and times as the reader writes them.
import { i18n } from '@lingui/core'
import { createContext, useContext, useMemo } from 'react'
import { type SiteTimes, siteTimes } from './site-time.ts'

/** In the language of the dashboard, as written where the reader lives: `en-GB` and not just `en`. */
const readerLocale = (): string =>
  navigator.languages.find((one) => one.split('-')[0] === i18n.locale.split('-')[0]) ?? i18n.locale

export const SiteZone = createContext('UTC')

export const useSiteTimes = (): SiteTimes => {
  const timeZone = useContext(SiteZone)
  return useMemo(() => siteTimes(timeZone, readerLocale()), [timeZone])
}
