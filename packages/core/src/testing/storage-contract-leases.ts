import assert from 'node:assert/strict'
import { buildInstant } from './build-identity.ts'
import { buildSite } from './build-site.ts'
import { atOnce, rejectsWith, type StorageCase, type StorageSuite } from './storage-contract-suite.ts'

const key = 'content:1'

async function acquire({ account }: StorageCase, owner: string, seconds = 0, ttlSeconds = 60) {
  return account.leases.acquire({ key, owner, now: buildInstant(seconds), ttlMs: ttlSeconds * 1000 })
}

async function mustAcquire(given: StorageCase, owner: string, seconds = 0, ttlSeconds = 60) {
  const lease = await acquire(given, owner, seconds, ttlSeconds)
  assert.ok(lease, `${owner} acquires the lease`)
  return lease
}

/** Leases: one holder at a time by the caller's clock, and a token that tells a late writer. */
export function leasesContract({ describe, test }: StorageSuite): void {
  describe('leases', () => {
    test('are held by one owner until they expire, by the caller’s clock', async (given) => {
      const lease = await mustAcquire(given, 'one')
      assert.deepEqual({ ...lease, token: 0 }, { key, owner: 'one', token: 0, expiresAt: buildInstant(60) })
      assert.equal(await acquire(given, 'two', 59.999), undefined)
      await given.account.leases.assertHeld(lease, buildInstant(59.999))
      const taken = await mustAcquire(given, 'two', 60.001)
      assert.equal(taken.owner, 'two')
      assert.deepEqual(taken.expiresAt, buildInstant(120.001))
    })

    test('come from the given now even when it lies in the past of another clock', async (given) => {
      const lease = await given.account.leases.acquire({ key, owner: 'one', now: new Date(0), ttlMs: 1000 })
      assert.deepEqual(lease?.expiresAt, new Date(1000))
      assert.ok(lease)
      await given.account.leases.assertHeld(lease, new Date(999))
      assert.equal(await given.account.leases.acquire({ key, owner: 'two', now: new Date(999), ttlMs: 1 }), undefined)
    })

    test('have no instant at which two hold them', async (given) => {
      const lease = await mustAcquire(given, 'one')
      const held = await given.account.leases.assertHeld(lease, buildInstant(60)).then(
        () => true,
        () => false,
      )
      const taken = (await acquire(given, 'two', 60)) !== undefined
      assert.ok(!(held && taken))
    })

    test('are handed to one of many who ask at once', async (given) => {
      const leases = await atOnce(8, (number) => acquire(given, `owner-${number}`))
      assert.equal(leases.filter((lease) => lease !== undefined).length, 1)
    })

    test('of different keys have nothing to do with each other', async ({ account }) => {
      const now = buildInstant()
      assert.ok(await account.leases.acquire({ key: 'a', owner: 'one', now, ttlMs: 1000 }))
      assert.ok(await account.leases.acquire({ key: 'b', owner: 'two', now, ttlMs: 1000 }))
    })

    test('are extended for their owner, who keeps the token', async (given) => {
      const lease = await mustAcquire(given, 'one')
      const again = await mustAcquire(given, 'one', 30)
      assert.deepEqual(again, { ...lease, expiresAt: buildInstant(90) })
      const renewed = await given.account.leases.renew(again, buildInstant(80), 60_000)
      assert.deepEqual(renewed, { ...lease, expiresAt: buildInstant(140) })
      assert.equal(await acquire(given, 'two', 139), undefined)
      await given.account.leases.assertHeld(lease, buildInstant(139))
    })

    test('have tokens that grow with every owner, after expiry and after release', async (given) => {
      const tokens: number[] = []
      const first = await mustAcquire(given, 'one')
      const second = await mustAcquire(given, 'two', 61)
      await given.account.leases.release(second)
      const third = await mustAcquire(given, 'one', 62)
      await given.account.leases.release(third)
      const fourth = await mustAcquire(given, 'two', 63)
      tokens.push(first.token, second.token, third.token, fourth.token)
      assert.deepEqual(
        tokens,
        [...new Set(tokens)].sort((left, right) => left - right),
      )
    })

    test('are lost to a new owner: the late writer is refused, and what he wrote with it', async (given) => {
      const late = await mustAcquire(given, 'one')
      const newest = await mustAcquire(given, 'two', 61)
      await rejectsWith('LEASE_LOST', () =>
        given.account.transaction(async (stores) => {
          await stores.sites.insert(given.own(buildSite()))
          await stores.leases.assertHeld(late, buildInstant(62))
        }),
      )
      assert.equal(await given.account.sites.count(), 0)
      assert.equal(await given.account.leases.renew(late, buildInstant(62), 60_000), undefined)
      await given.account.leases.release(late)
      await given.account.leases.assertHeld(newest, buildInstant(62))
    })

    test('are lost when they run out, even if nobody else came', async (given) => {
      const lease = await mustAcquire(given, 'one')
      await rejectsWith('LEASE_LOST', () => given.account.leases.assertHeld(lease, buildInstant(60.001)))
      assert.equal(await given.account.leases.renew(lease, buildInstant(60.001), 60_000), undefined)
      assert.ok(await acquire(given, 'two', 60.001))
    })

    test('are free at once when they are released, twice if need be', async (given) => {
      const lease = await mustAcquire(given, 'one')
      await given.account.leases.release(lease)
      await given.account.leases.release(lease)
      await rejectsWith('LEASE_LOST', () => given.account.leases.assertHeld(lease, buildInstant(1)))
      assert.equal(await given.account.leases.renew(lease, buildInstant(1), 60_000), undefined)
      const next = await mustAcquire(given, 'two', 1)
      await given.account.leases.release(lease)
      await given.account.leases.assertHeld(next, buildInstant(2))
    })

    test('are listed while somebody holds them', async (given) => {
      const { leases } = given.account
      const lease = await mustAcquire(given, 'one')
      await leases.acquire({ key: 'other', owner: 'two', now: buildInstant(), ttlMs: 10_000 })
      const held = async (seconds: number) =>
        [...(await leases.listHeld([key, key, 'other', 'nobody'], buildInstant(seconds)))].sort()
      assert.deepEqual(await held(1), [key, 'other'])
      assert.deepEqual(await held(30), [key])
      await leases.release(lease)
      assert.deepEqual(await held(1), ['other'])
      assert.deepEqual(await leases.listHeld([], buildInstant()), [])
    })

    test('guard the transaction that checks them', async (given) => {
      const lease = await mustAcquire(given, 'one')
      await given.account.transaction(async (stores) => {
        await stores.leases.assertHeld(lease, buildInstant(1))
        await stores.sites.insert(given.own(buildSite()))
      })
      assert.equal(await given.account.sites.count(), 1)
    })
  })
}
