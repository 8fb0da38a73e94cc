import assert from 'node:assert/strict'
import { buildId, buildInstant } from './build-identity.ts'
import { buildIntegration, buildSite } from './build-site.ts'
import { atOnce, rejectsWith, type StorageSuite } from './storage-contract-suite.ts'

/** Sites and integrations. */
export function sitesContract({ describe, test }: StorageSuite): void {
  describe('sites', () => {
    test('are found by id and by URL, and counted', async ({ account, own }) => {
      const sites = [1, 2, 3].map((number) => own(buildSite({}, number)))
      for (const site of sites) await account.sites.insert(site)
      assert.deepEqual(await account.sites.get(buildId('site', 2)), sites[1])
      assert.deepEqual(await account.sites.findByUrl('https://site-3.example'), sites[2])
      assert.equal(await account.sites.findByUrl('https://site-3.example/'), undefined)
      assert.equal(await account.sites.get(buildId('site', 4)), undefined)
      assert.equal(await account.sites.count(), 3)
    })

    test('are found by the URL they moved to, no longer by the old one', async ({ account, own }) => {
      const site = own(buildSite())
      await account.sites.insert(site)
      await account.sites.update({ ...site, url: 'https://moved.example', version: 2 }, 1)
      assert.equal(await account.sites.findByUrl(site.url), undefined)
      assert.equal((await account.sites.findByUrl('https://moved.example'))?.id, site.id)
    })

    test('refuse a taken id', async ({ account, own }) => {
      await account.sites.insert(own(buildSite()))
      await rejectsWith('STORAGE_FAILED', () => account.sites.insert(own(buildSite({ name: 'Second' }))))
      assert.equal((await account.sites.get(buildId('site')))?.name, 'Site 1')
    })
  })

  describe('integrations', () => {
    test('are found by id and by platform and URL, dormant ones too', async ({ account, own }) => {
      const active = own(buildIntegration())
      const dormant = own(buildIntegration({ removedAt: buildInstant(50) }, 2))
      for (const integration of [active, dormant]) await account.integrations.insert(integration)
      assert.deepEqual(await account.integrations.get(active.id), active)
      assert.deepEqual(await account.integrations.get(dormant.id), dormant)
      assert.deepEqual(await account.integrations.findByUrl('wordpress', active.externalSiteUrl), active)
      assert.deepEqual(await account.integrations.findByUrl('wordpress', dormant.externalSiteUrl), dormant)
      assert.equal(await account.integrations.findByUrl('ghost', active.externalSiteUrl), undefined)
    })

    test('are listed and counted by site and platform, dormant ones only if asked for', async ({ account, own }) => {
      const siteId = buildId('site')
      const rows = [
        buildIntegration(),
        buildIntegration({ siteId, platform: 'ghost' }, 2),
        buildIntegration({ siteId, platform: 'ghost', removedAt: buildInstant(50) }, 3),
        buildIntegration({}, 4),
      ]
      for (const row of rows) await account.integrations.insert(own(row))
      const cases = [
        [{}, [1, 2, 4]],
        [{ includeRemoved: true }, [1, 2, 3, 4]],
        [{ siteId }, [1, 2]],
        [{ platform: 'ghost' }, [2]],
        [{ siteId, platform: 'ghost', includeRemoved: true }, [2, 3]],
        [{ siteId: buildId('site', 4), platform: 'ghost' }, []],
      ] as const
      for (const [filter, expected] of cases) {
        const { items } = await account.integrations.list({ ...filter, limit: 10 })
        assert.deepEqual(
          items.map(({ id }) => id),
          expected.map((number) => buildId('integration', number)),
        )
        assert.equal(await account.integrations.count(filter), expected.length)
      }
    })

    test('refuse the same platform and URL twice, dormant or not', async ({ account, own }) => {
      const first = own(buildIntegration({ removedAt: buildInstant(50) }))
      await account.integrations.insert(first)
      const again = own(buildIntegration({ externalSiteUrl: first.externalSiteUrl }, 2))
      await rejectsWith('SITE_ALREADY_CONNECTED', () => account.integrations.insert(again))
      await account.integrations.update({ ...first, removedAt: null, version: 2 }, 1)
      await rejectsWith('SITE_ALREADY_CONNECTED', () => account.integrations.insert(again))
      assert.equal(await account.integrations.get(again.id), undefined)
      await account.integrations.insert({ ...again, platform: 'ghost' })
    })

    test('refuse to move to a URL that is taken, and leave the row as it was', async ({ account, own }) => {
      const [first, second] = [own(buildIntegration()), own(buildIntegration({}, 2))]
      for (const row of [first, second]) await account.integrations.insert(row)
      const moved = { ...second, externalSiteUrl: first.externalSiteUrl, version: 2 }
      await rejectsWith('SITE_ALREADY_CONNECTED', () => account.integrations.update(moved, 1))
      assert.deepEqual(await account.integrations.get(second.id), second)
    })

    test('free the URL that they moved away from', async ({ account, own }) => {
      const first = own(buildIntegration())
      await account.integrations.insert(first)
      await account.integrations.update({ ...first, externalSiteUrl: 'https://moved.example', version: 2 }, 1)
      await account.integrations.insert(own(buildIntegration({ externalSiteUrl: first.externalSiteUrl }, 2)))
      assert.equal((await account.integrations.findByUrl('wordpress', 'https://moved.example'))?.id, first.id)
    })

    test('connect a site once when many try at once', async ({ account, own }) => {
      const outcomes = await atOnce(6, (number) =>
        account.integrations.insert(own(buildIntegration({ externalSiteUrl: 'https://same.example' }, number))).then(
          () => 'inserted',
          (error: { readonly code?: string }) => error.code,
        ),
      )
      assert.equal(outcomes.filter((outcome) => outcome === 'inserted').length, 1)
      assert.equal(outcomes.filter((outcome) => outcome === 'SITE_ALREADY_CONNECTED').length, 5)
    })
  })
}
