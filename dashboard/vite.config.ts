import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { lingui } from '@lingui/vite-plugin'
import babel from '@rolldown/plugin-babel'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const dist = join(import.meta.dirname, '../dist/dashboard')

/** Beside each text file its gzip, which the server hands out as it is. */
const compressed: Plugin = {
  name: 'compressed',
  apply: 'build',
  closeBundle() {
    for (const name of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
      if (!/\.(js|css|html|svg|json|webmanifest)$/.test(name)) continue
      const bytes = readFileSync(join(dist, name))
      if (bytes.length > 1000) writeFileSync(join(dist, `${name}.gz`), gzipSync(bytes, { level: 9 }))
    }
  },
}

export default defineConfig({
  root: import.meta.dirname,
  plugins: [
    react(), // English stands in the code itself, and so each page brings its own.
    babel({ plugins: [['@lingui/babel-plugin-lingui-macro', { stripMessageField: false }]] }),
    lingui(),
    compressed,
  ],
  build: { outDir: dist, emptyOutDir: true, target: 'es2022', reportCompressedSize: false, chunkSizeWarningLimit: 800 },
  server: { proxy: { '/api': { target: 'http://localhost:4280', ws: true } } },
})
