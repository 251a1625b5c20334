import { describe, expect, it } from 'vitest'
import { killCampaign } from '../campaign/kill.ts'

describe('the kill campaign', () => {
  it('finds nothing lost, nothing printed twice, and no record ahead or old, in a short round', async () => {
    const rows: Readonly<Record<string, unknown>>[] = []
    const violations = await killCampaign({ times: 3, seed: 5, tell: (row) => rows.push(row) })
    expect(violations, JSON.stringify(rows, null, 1)).toBe(0)
  }, 240_000)
})
