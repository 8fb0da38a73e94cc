import { combineStorage, createIgny8 } from '@igny8/core'
import { createMemoryStorage } from '@igny8/storage-memory'
import { createWordPressAdapter } from '@igny8/wordpress'
import { createFakeWordPress } from '@igny8-tools/fake-wordpress'
import { createArticlesStore, openArticles } from './articles-table.ts'

// Articles stay in the application's own table; the SDK keeps beside it only what it needs to synchronise them.

const site = createFakeWordPress({
  clock: { now: () => new Date() },
  url: 'http://localhost:8080',
  starterContent: false,
})
const articles = openArticles()
const storage = combineStorage({
  storage: createMemoryStorage(),
  forAccount: (customer) => ({ content: createArticlesStore(articles, customer) }),
  transaction: 'none',
})
await storage.migrate()
const igny8 = createIgny8({
  storage,
  platforms: [createWordPressAdapter()],
  encryption: { keys: [{ id: 'first', secret: Buffer.alloc(32, 1).toString('base64') }] },
  outbound: { allow: [site.url] },
  fetch: site.fetch,
})

const account = igny8.forAccount('customer-1')
const { username = '', applicationPassword = '' } = site.users.admin ?? {}
const connection = await account.connections.connect({
  platform: 'wordpress',
  url: site.url,
  username,
  applicationPassword,
})
const article = await account.content.create({
  siteId: connection.site.id,
  type: 'post',
  title: 'Bread',
  body: '<p>Flour.</p>',
})
await account.content.approve(article.id)
await account.content.publish(article.id)
const posts = () => [...site.state.posts.values()].map(({ title }) => title)
console.log('On the site:', posts())

// The application goes on writing its table as it always did, and says so.
articles
  .prepare("UPDATE articles SET headline = 'Rye bread', version = version + 1, edited = ? WHERE id = ?")
  .run(Date.now(), article.id)
await account.content.changed([article.id])
await account.content.approve(article.id)
await account.sync.run({ integrationId: connection.integration.id })
console.log('After an edit of the table:', posts())

// And what is written on the site arrives in the table.
site.people.create({ title: 'Written on the site', content: '<p>Hello.</p>', status: 'publish' })
await account.sync.run({ integrationId: connection.integration.id })
console.log(
  'In the table:',
  articles
    .prepare('SELECT headline FROM articles ORDER BY created')
    .all()
    .map(({ headline }) => headline),
)
await igny8.stop()
