import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'

const dist = fileURLToPath(new URL('../../dist/dashboard', import.meta.url))

/** What a page loads before it is asked for more: what its HTML names, and what that imports. */
const firstScripts = (): string[] => {
  const html = readFileSync(join(dist, 'index.html'), 'utf8')
  const wanted = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map((match) => match[1] as string)
  const found = new Set<string>()
  while (wanted.length > 0) {
    const name = wanted.pop() as string
    if (found.has(name)) continue
    found.add(name)
    const text = readFileSync(join(dist, name), 'utf8')
    for (const [, imported] of text.matchAll(/(?:^|[;}\s])(?:import|from)\s*"\.\/([^"]+\.js)"/g)) {
      wanted.push(`assets/${imported}`)
    }
  }
  return [...found]
}

describe('the dashboard as it is built', () => {
  const scripts = firstScripts()

  it('loads at most 220 kB of packed script at first', () => {
    expect(scripts.length).toBeGreaterThan(0)
    const bytes = scripts.reduce((sum, name) => sum + gzipSync(readFileSync(join(dist, name)), { level: 9 }).length, 0)
    expect(bytes).toBeLessThanOrEqual(220_000)
  })

  it('loads what draws in three dimensions only when a toolpath is shown', () => {
    const has = (name: string): boolean => readFileSync(join(dist, name), 'utf8').includes('WebGLRenderer')
    const assets = readdirSync(join(dist, 'assets')).filter((name) => name.endsWith('.js'))
    expect(assets.some((name) => has(`assets/${name}`))).toBe(true)
    expect(scripts.filter(has)).toEqual([])
  })
})
