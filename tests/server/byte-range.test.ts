import { describe, expect, it } from 'vitest'
import { partAsked } from '../../server/domain/byte-range.ts'

describe('a part of a file', () => {
  it('is what the header asks for, cut at the end of the file', () => {
    expect(partAsked('bytes=100-199', 1000)).toEqual({ from: 100, to: 200 })
    expect(partAsked('bytes=900-5000', 1000)).toEqual({ from: 900, to: 1000 })
    expect(partAsked('bytes=900-', 1000)).toEqual({ from: 900, to: 1000 })
    expect(partAsked('bytes=-50', 1000)).toEqual({ from: 950, to: 1000 })
    expect(partAsked('bytes=-5000', 1000)).toEqual({ from: 0, to: 1000 })
    expect(partAsked('bytes=0-0', 1000)).toEqual({ from: 0, to: 1 })
  })

  it('is the whole file where nothing sensible is asked', () => {
    for (const header of [
      undefined,
      '',
      'bytes=',
      'bytes=-',
      'bytes=-0',
      'bytes=5-2',
      'bytes=1000-',
      'bytes=1-2,5-6',
      'lines=1-2',
    ]) {
      expect(partAsked(header, 1000), String(header)).toBeNull()
    }
    expect(partAsked('bytes=0-1', 0)).toBeNull()
  })
})
