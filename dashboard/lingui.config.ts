import { defineConfig } from '@lingui/cli'

export default defineConfig({
  sourceLocale: 'en',
  locales: ['en'],
  rootDir: import.meta.dirname,
  catalogs: [
    {
      path: '<rootDir>/locales/{locale}',
      include: ['<rootDir>/**/*.tsx', '<rootDir>/**/*.ts'],
      exclude: ['**/*.config.ts'],
    },
  ],
})
