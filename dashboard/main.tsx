// Mounts the dashboard: theme, language, data, pages.
import { i18n } from '@lingui/core'
import { type CompiledMessage, compileMessage } from '@lingui/message-utils/compileMessage'
import { I18nProvider } from '@lingui/react'
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { createRoot } from 'react-dom/client'
import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import './styles.css'
import { App } from './App.tsx'
import { queries } from './state/use-endpoint.ts'
import { theme } from './theme.ts'

// English is the language of the code: its messages come with the pages, and are read as they are shown.
const compiled = new Map<string, CompiledMessage>()
i18n.setMessagesCompiler((message) => {
  const known = compiled.get(message) ?? compileMessage(message)
  compiled.set(message, known)
  return known
})
i18n.loadAndActivate({ locale: 'en', messages: {} })

const place = document.getElementById('root')
if (place) {
  createRoot(place).render(
    <MantineProvider theme={theme} defaultColorScheme="auto" colorSchemeManager={localStorageColorSchemeManager()}>
      <I18nProvider i18n={i18n}>
        <QueryClientProvider client={queries}>
          <Notifications position="top-right" />
          <App />
        </QueryClientProvider>
      </I18nProvider>
    </MantineProvider>,
  )
}
