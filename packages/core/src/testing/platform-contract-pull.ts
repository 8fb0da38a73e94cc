import assert from 'node:assert/strict'
import type { PlatformPull } from '../ports/platform-pull.ts'
import { type PlatformCase, type PlatformSuite, readAllPages } from './platform-contract-suite.ts'

export function platformPullContract({ describe, test }: PlatformSuite): void {
  /** A platform without reads of many items has nothing to prove here. */
  function pullTest(name: string, run: (given: PlatformCase, pull: PlatformPull) => Promise<void>): void {
    test(name, async (given) => {
      if (given.client.pull !== undefined) await run(given, given.client.pull)
    })
  }

  async function createMany(given: PlatformCase, count: number): Promise<readonly string[]> {
    const ids: string[] = []
    for (let number = 0; number < count; number++)
      ids.push((await given.create({ title: `${given.name} ${number}` })).externalId)
    return ids
  }

  describe('pull', () => {
    pullTest('pages through all items once or more, by ascending id, without the trash', async (given, pull) => {
      const { client, type } = given
      const ids = await createMany(given, 6)
      const trashed = ids[2] ?? ''
      await client.content.trash({ type, externalId: trashed })
      const list = (offset: number, limit: number) => pull.listByExternalId({ type, offset, limit })
      for (const limit of [2, 3, pull.maxPageSize]) {
        const seen = (await readAllPages(pull, list, limit)).map((row) => row.externalId)
        assert.deepEqual(
          seen.filter((id) => ids.includes(id)),
          ids.filter((id) => id !== trashed),
        )
        assert.deepEqual(seen, [...seen].sort(byNumber))
      }
    })

    pullTest('outlines say what the items say, with the trash', async (given, pull) => {
      const { client, type, read } = given
      const ids = await createMany(given, 3)
      await client.content.trash({ type, externalId: ids[1] ?? '' })
      const outlines = await readAllPages(pull, (offset, limit) => pull.listOutlines({ type, offset, limit }))
      for (const externalId of ids) {
        const { status, state, modifiedAt } = await read(externalId)
        const outline = outlines.find((row) => row.externalId === externalId)
        assert.deepEqual(outline, { externalId, type, status, state, modifiedAt })
      }
    })

    pullTest('a page past the end is empty, and the last', async ({ type }, pull) => {
      for (const list of [pull.listByExternalId, pull.listOutlines]) {
        const page = await list({ type, offset: 10_000_000, limit: 2 })
        assert.deepEqual([page.rows, page.rejected, page.more], [[], [], false])
      }
    })

    pullTest('finds what was modified at the very instant, and not a second later', async (given, pull) => {
      const { client, type, name, create } = given
      const { externalId } = await create({ title: name })
      const { modifiedAt } = await client.content.update({ type, externalId, fields: { title: `${name} again` } })
      const idsSince = async (since: Date) => {
        const page = await pull.listModifiedSince({ type, since, excludeIds: [], limit: pull.maxPageSize })
        return page.rows.map((row) => row.externalId)
      }
      assert.ok((await idsSince(modifiedAt)).includes(externalId))
      assert.ok((await idsSince(new Date(modifiedAt.getTime() - 5_000))).includes(externalId))
      assert.ok(!(await idsSince(new Date(modifiedAt.getTime() + 1_000))).includes(externalId))
    })

    pullTest('walks through items of one second by leaving out those seen', async (given, pull) => {
      const { client, type, read } = given
      const ids = await createMany(given, 7)
      await client.content.trash({ type, externalId: ids[3] ?? '' })
      const since = new Date(Math.min(...(await Promise.all(ids.map(read))).map((item) => item.modifiedAt.getTime())))
      const seen: string[] = []
      const times: number[] = []
      for (let page = 0; page < 50; page++) {
        const { rows, more } = await pull.listModifiedSince({ type, since, excludeIds: seen, limit: 2 })
        assert.ok(rows.length <= 2)
        assert.ok(
          rows.every((row) => !seen.includes(row.externalId)),
          'an excluded id came back',
        )
        seen.push(...rows.map((row) => row.externalId))
        times.push(...rows.map((row) => row.modifiedAt.getTime()))
        if (!more) break
      }
      assert.deepEqual(
        ids.filter((id) => !seen.includes(id)),
        [],
      )
      assert.deepEqual(
        times,
        [...times].sort((one, other) => one - other),
      )
    })

    pullTest(
      'reads many by id, with the trash and without complaint about ids that do not exist',
      async (given, pull) => {
        const { client, type, read } = given
        const ids = await createMany(given, 3)
        await client.content.trash({ type, externalId: ids[0] ?? '' })
        const page = await pull.getMany({ type, externalIds: ['999999999', ...ids] })
        const rows = [...page.rows].sort((one, other) => byNumber(one.externalId, other.externalId))
        assert.deepEqual(rows, await Promise.all(ids.map(read)))
        assert.deepEqual((await pull.getMany({ type, externalIds: ['999999999'] })).rows, [])
        assert.deepEqual((await pull.getMany({ type, externalIds: [] })).rows, [])
      },
    )
  })
}

/** Ascending as the platform counts: by number where ids are numbers. */
function byNumber(one: string, other: string): number {
  const [left, right] = [Number(one), Number(other)]
  return Number.isNaN(left) || Number.isNaN(right) ? (one < other ? -1 : 1) : left - right
}
