import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isIgny8Error } from '../errors/igny8-error.ts'
import { sniffImage } from './sniff-image.ts'

/** 3 × 2 pixels each, as GD writes them. */
const images = {
  jpeg: '/9j/4AAQSkZJRgABAQEAYABgAAD//gA6Q1JFQVRPUjogZ2QtanBlZyB2MS4wICh1c2luZyBJSkcgSlBFRyB2NjIpLCBxdWFsaXR5ID0gMAr/2wBDAP//////////////////////////////////////////////////////////////////////////////////////2wBDAf//////////////////////////////////////////////////////////////////////////////////////wAARCAACAAMDASIAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwCOiiigD//Z',
  'progressive jpeg':
    '/9j/4AAQSkZJRgABAQEAYABgAAD//gA6Q1JFQVRPUjogZ2QtanBlZyB2MS4wICh1c2luZyBJSkcgSlBFRyB2NjIpLCBxdWFsaXR5ID0gMAr/2wBDAP//////////////////////////////////////////////////////////////////////////////////////2wBDAf//////////////////////////////////////////////////////////////////////////////////////wgARCAACAAMDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAL/xAAUAQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIQAxAAAAGQf//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAQUCf//EABQRAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQMBAT8Bf//EABQRAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQIBAT8Bf//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEABj8Cf//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAT8hf//aAAwDAQACAAMAAAAQA//EABQRAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQMBAT8Qf//EABQRAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQIBAT8Qf//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAT8Qf//Z',
  png: 'iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAACXBIWXMAAA7EAAAOxAGVKw4bAAAAC0lEQVQImWNgwAQAABQAAWX1h1kAAAAASUVORK5CYII=',
  gif: 'R0lGODdhAwACAIAAAAQCBAAAACwAAAAAAwACAAACAoRfADs=',
  'lossy webp': 'UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoDAAIAB0CWJaQAA3AA/u+5AAA=',
  'lossless webp': 'UklGRhoAAABXRUJQVlA4TA4AAAAvAkAAAAcQEf0PRET/Aw==',
  'extended webp':
    'UklGRlYAAABXRUJQVlA4WAoAAAAQAAAAAgAAAQAAQUxQSAcAAAAAfn5+fn5+AFZQOCAoAAAAkAEAnQEqAwACAAdAliWgAnS6AAOYAP7lCvgnqXKP/jePAryXY6AAAA==',
  avif: 'AAAAIGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZk1BMUIAAADybWV0YQAAAAAAAAAoaGRscgAAAAAAAAAAcGljdAAAAAAAAAAAAAAAAGxpYmF2aWYAAAAADnBpdG0AAAAAAAEAAAAeaWxvYwAAAABEAAABAAEAAAABAAABGgAAABkAAAAoaWluZgAAAAAAAQAAABppbmZlAgAAAAABAABhdjAxQ29sb3IAAAAAamlwcnAAAABLaXBjbwAAABRpc3BlAAAAAAAAAAMAAAACAAAAEHBpeGkAAAAAAwgICAAAAAxhdjFDgQAMAAAAABNjb2xybmNseAABAA0AAYAAAAAXaXBtYQAAAAAAAAABAAEEAQKDBAAAACFtZGF0EgAKCBgEKwQENAYQMgseQD///8QAALARoA==',
  'avif with alpha':
    'AAAAIGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZk1BMUIAAAGNbWV0YQAAAAAAAAAoaGRscgAAAAAAAAAAcGljdAAAAAAAAAAAAAAAAGxpYmF2aWYAAAAADnBpdG0AAAAAAAEAAAAsaWxvYwAAAABEAAACAAEAAAABAAABxwAAABsAAgAAAAEAAAG1AAAAEgAAAEJpaW5mAAAAAAACAAAAGmluZmUCAAAAAAEAAGF2MDFDb2xvcgAAAAAaaW5mZQIAAAAAAgAAYXYwMUFscGhhAAAAABppcmVmAAAAAAAAAA5hdXhsAAIAAQABAAAAw2lwcnAAAACdaXBjbwAAABRpc3BlAAAAAAAAAAMAAAACAAAAEHBpeGkAAAAAAwgICAAAAAxhdjFDgQAMAAAAABNjb2xybmNseAABAA0AAYAAAAAOcGl4aQAAAAABCAAAAAxhdjFDgQAcAAAAADhhdXhDAAAAAHVybjptcGVnOm1wZWdCOmNpY3A6c3lzdGVtczphdXhpbGlhcnk6YWxwaGEAAAAAHmlwbWEAAAAAAAAAAgABBAECgwQAAgQBBYYHAAAANW1kYXQSAAoFGAQrCoAyBx5A//EAEKASAAoIGAQrBAQ0BhAyDR5AP///xAAAr+xv0RA=',
}

const mediaTypes: Readonly<Record<keyof typeof images, string>> = {
  jpeg: 'image/jpeg',
  'progressive jpeg': 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  'lossy webp': 'image/webp',
  'lossless webp': 'image/webp',
  'extended webp': 'image/webp',
  avif: 'image/avif',
  'avif with alpha': 'image/avif',
}

const names = Object.keys(images) as (keyof typeof images)[]
const bytesOf = (name: keyof typeof images) => Buffer.from(images[name], 'base64')
const refusal = expect.objectContaining({ code: 'IMAGE_REFUSED' })

describe('sniffImage', () => {
  it.each(names)('tells type and size of a %s', (name) => {
    expect(sniffImage(bytesOf(name))).toEqual({ mediaType: mediaTypes[name], width: 3, height: 2 })
  })

  it('reads bytes that are a part of a larger buffer', () => {
    const around = Buffer.concat([Buffer.alloc(7, 1), bytesOf('gif'), Buffer.alloc(9, 1)])
    expect(sniffImage(new Uint8Array(around.buffer, around.byteOffset + 7, bytesOf('gif').length))).toMatchObject({
      width: 3,
    })
  })

  it.each(names)('refuses a %s that breaks off before its size, at whichever byte', (name) => {
    const bytes = bytesOf(name)
    let refused = 0
    for (let length = 0; length < bytes.length; length++) {
      try {
        expect(sniffImage(bytes.subarray(0, length))).toEqual(sniffImage(bytes))
      } catch (error) {
        expect([length, isIgny8Error(error) && error.code]).toEqual([length, 'IMAGE_REFUSED'])
        refused = length
      }
    }
    expect(refused).toBeGreaterThanOrEqual(9)
  })

  it.each([
    ['an SVG', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'an SVG'],
    ['an SVG after a declaration and a comment', ' <?xml version="1.0"?>\n<!-- a -->\n<SVG/>', 'an SVG'],
    ['an HTML page', '<!doctype html><script>', 'an HTML page'],
    ['a text', 'GIF', 'no image'],
    ['nothing', '', 'nothing'],
    ['a PDF', '%PDF-1.7', 'no image'],
    ['a bitmap', 'BM\x00\x00\x00\x00', 'no image'],
    ['a TIFF', 'II*\x00', 'no image'],
    ['HEIC in the container of AVIF', '\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic', 'no image'],
    ['a video in that container', '\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomavc1', 'no image'],
    ['a brand that only contains the letters', '\x00\x00\x00\x18ftypisom\x00\x00\x02\x00xavifxxx', 'no image'],
    ['a sound in the container of WebP', 'RIFF\x24\x00\x00\x00WAVEfmt ', 'no image'],
    ['WebP with an unknown chunk', `RIFF\x24\x00\x00\x00WEBPXXXX${'\x01'.repeat(40)}`, 'breaks off'],
    ['lossless WebP without its mark', `RIFF\x24\x00\x00\x00WEBPVP8L${'\x01'.repeat(40)}`, 'breaks off'],
    ['a PNG without a header chunk', `\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIDAT${'\x01'.repeat(40)}`, 'breaks off'],
  ])('refuses %s and says so', (_name, text, what) => {
    expect(() => sniffImage(Buffer.from(text, 'latin1'))).toThrow(
      expect.objectContaining({ code: 'IMAGE_REFUSED', message: expect.stringContaining(what) }),
    )
  })

  it('refuses what hides its size, which no limit of pixels would hold', () => {
    const withoutHeight = bytesOf('gif').fill(0, 8, 10)
    expect(() => sniffImage(withoutHeight)).toThrow(refusal)
    const jpegWithoutFrame = Buffer.from('ffd8ffe000104a46494600010100000100010000ffd9', 'hex')
    expect(() => sniffImage(jpegWithoutFrame)).toThrow(refusal)
    const avifWithoutSize = Buffer.from(bytesOf('avif').toString('latin1').replace('ispe', 'free'), 'latin1')
    expect(() => sniffImage(avifWithoutSize)).toThrow(refusal)
  })

  it('takes the largest size of an AVIF, whose first may be that of a tile', () => {
    const avif = bytesOf('avif with alpha')
    const second = avif.indexOf('ispe', avif.indexOf('ispe') + 4)
    const grid = second < 0 ? Buffer.concat([avif, avif.subarray(avif.indexOf('ispe') - 4)]) : avif
    const at = grid.lastIndexOf('ispe')
    grid.writeUInt32BE(40_000, at + 8)
    grid.writeUInt32BE(30_000, at + 12)
    expect(sniffImage(grid)).toMatchObject({ width: 40_000, height: 30_000 })
  })

  it('passes over fill bytes and other segments of a JPEG', () => {
    const jpeg = bytesOf('jpeg')
    const comment = Buffer.from('fffe0006616263ff', 'hex')
    const padded = Buffer.concat([jpeg.subarray(0, 2), comment, Buffer.from([0xff, 0xff]), jpeg.subarray(2)])
    expect(sniffImage(padded)).toMatchObject({ width: 3, height: 2 })
  })

  it('says nothing but IMAGE_REFUSED of any other bytes', () => {
    const starts = [...names.map((name) => [...bytesOf(name).subarray(0, 40)]), []]
    const arbitrary = fc
      .tuple(fc.constantFrom(...starts), fc.nat(40), fc.uint8Array({ maxLength: 200 }))
      .map(([start, kept, rest]) => Buffer.from([...start.slice(0, kept), ...rest]))
    fc.assert(
      fc.property(arbitrary, (bytes) => {
        try {
          const { width, height } = sniffImage(bytes)
          return width > 0 && height > 0
        } catch (error) {
          return isIgny8Error(error) && error.code === 'IMAGE_REFUSED'
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it('walks a JPEG of millions of markers in linear time', () => {
    expect(() => sniffImage(Buffer.alloc(20_000_000, 0xff).fill(0xd8, 1, 2))).toThrow(refusal)
  })
})
