import { describe, expect, it } from 'vitest'
import type { EnvelopeReference } from '../ports/system-storage.ts'
import { createSecretBox, secretContext } from './create-secret-box.ts'
import { type RotateKeysInput, type RotationCounts, rotateKeys } from './rotate-keys.ts'

const oldKey = { id: 'old', secret: Buffer.alloc(32, 1).toString('base64') }
const newKey = { id: 'new', secret: Buffer.alloc(32, 2).toString('base64') }
const lostKey = { id: 'lost', secret: Buffer.alloc(32, 3).toString('base64') }
const both = createSecretBox({ keys: [newKey, oldKey] })

async function sealed(number: number, keys = [oldKey]): Promise<EnvelopeReference> {
  const place = { accountId: `account-${number % 2}`, row: `row-${number}`, field: 'wpApiKey' }
  const context = secretContext(place.accountId, place.row, place.field)
  return { ...place, envelope: await createSecretBox({ keys }).seal(`secret-${number}`, context) }
}

/** Envelopes in a list, replaced by compare-and-set. */
function createEnvelopes(rows: EnvelopeReference[]): RotateKeysInput['system'] {
  return {
    async listEnvelopes({ limit, cursor = '0' }) {
      const end = Number(cursor) + limit
      return { items: rows.slice(Number(cursor), end), nextCursor: end < rows.length ? String(end) : null }
    },
    async replaceEnvelope(reference, envelope) {
      const index = rows.findIndex((row) => row.row === reference.row && row.envelope === reference.envelope)
      if (index >= 0) rows[index] = { ...reference, envelope }
      return index >= 0
    },
  }
}

async function readAll(rows: readonly EnvelopeReference[]): Promise<readonly string[]> {
  const box = createSecretBox({ keys: [newKey] })
  return Promise.all(
    rows.map(async ({ accountId, row, field, envelope }) =>
      (await box.open(envelope, secretContext(accountId, row, field))).reveal(),
    ),
  )
}

describe('rotateKeys', () => {
  it('leaves everything readable with the new key alone, and finds nothing to do the second time', async () => {
    const rows = await Promise.all([0, 1, 2, 3, 4].map((number) => sealed(number)))
    const system = createEnvelopes(rows)
    const first = await rotateKeys({ system, secretBox: both, batchSize: 2 })
    expect(first).toEqual({ rotated: 5, current: 0, changed: 0, unreadable: 0 })
    expect(await readAll(rows)).toEqual([0, 1, 2, 3, 4].map((number) => `secret-${number}`))
    const second = await rotateKeys({ system, secretBox: both, batchSize: 2 })
    expect(second).toEqual({ rotated: 0, current: 5, changed: 0, unreadable: 0 })
  })

  it('keeps what somebody wrote meanwhile', async () => {
    const rows = [await sealed(0), await sealed(1)]
    const system = createEnvelopes(rows)
    const written = await sealed(0, [newKey])
    const counts = await rotateKeys({
      secretBox: both,
      system: {
        ...system,
        async replaceEnvelope(reference, envelope) {
          if (reference.row === 'row-0') rows[0] = written
          return system.replaceEnvelope(reference, envelope)
        },
      },
    })
    expect(counts).toEqual({ rotated: 1, current: 0, changed: 1, unreadable: 0 })
    expect(rows[0]).toBe(written)
  })

  it('counts what no given key opens, leaves it as it is and goes on', async () => {
    const lost = await sealed(0, [lostKey])
    const moved = { ...(await sealed(1)), row: 'elsewhere' }
    const rows = [lost, moved, await sealed(2)]
    const counts = await rotateKeys({ system: createEnvelopes(rows), secretBox: both })
    expect(counts).toEqual({ rotated: 1, current: 0, changed: 0, unreadable: 2 })
    expect(rows.slice(0, 2)).toEqual([lost, moved])
  })

  it('fails where decryption itself fails, instead of counting everything as unreadable', async () => {
    const failure = new Error('no memory')
    const system = createEnvelopes([await sealed(0)])
    const secretBox = { ...both, open: () => Promise.reject(failure) }
    await expect(rotateKeys({ system, secretBox })).rejects.toBe(failure)
  })

  it('tells its progress after each batch, and goes on where it was cancelled', async () => {
    const rows = await Promise.all([0, 1, 2, 3, 4].map((number) => sealed(number)))
    const system = createEnvelopes(rows)
    const abort = new AbortController()
    const progress: RotationCounts[] = []
    const onProgress = (counts: RotationCounts) => {
      progress.push(counts)
      if (counts.rotated === 4) abort.abort(new Error('the reason of the host'))
    }
    await expect(
      rotateKeys({ system, secretBox: both, batchSize: 2, signal: abort.signal, onProgress }),
    ).rejects.toMatchObject({ code: 'CANCELLED', retryable: true, details: { rotated: 4 } })
    expect(progress.map(({ rotated }) => rotated)).toEqual([2, 4])
    expect(await rotateKeys({ system, secretBox: both })).toMatchObject({ rotated: 1, current: 4 })
    expect(await readAll(rows)).toHaveLength(5)
  })
})
