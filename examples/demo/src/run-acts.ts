import type { Account, Content, SyncCounts } from '@igny8/core'
import type { RunningWordPress } from '@igny8-tools/wordpress'
import { editTogether, type Together } from './edit-together.ts'
import type { ForgetfulNetwork } from './lose-answers.ts'
import type { Narrator } from './show-progress.ts'
import { waitMs } from './wait.ts'

/** What the acts did, for the table and the check. */
export interface ActsReport {
  readonly integrationId: string
  readonly siteId: string
  readonly pushedIds: readonly string[]
  readonly editedHereId: string
  readonly editedThereId: string
  readonly editThere: string
  readonly together: Together
  /** Answers to creates that the network lost. */
  readonly lostAnswers: number
  readonly repull: SyncCounts
  readonly counts: {
    readonly pulled: number
    /** Items that a killed process had stored. */
    readonly survived: number
    readonly pushed: number
    readonly images: number
    readonly taxonomies: number
    readonly events: number
  }
}

const articles = [
  ['Ships & harbours — “a short guide”', 'Where the ferries go at 5 o’clock, and why.'],
  ['¿Qué hay de nuevo? 🚢', 'Un resumen con emoji 🎉 y signos < > &.'],
  ['مرحبا بالعالم', 'نص من اليمين إلى اليسار.'],
  ['Tables, lists and <code>', 'Markup that must arrive byte for byte.'],
] as const

/** Pull on where another process was killed, push new approved content with an image, edit on both sides, the same posts too, and push over a network that fails. */
export async function runActs(
  account: Account,
  wordpress: RunningWordPress,
  connected: { readonly siteId: string; readonly integrationId: string; readonly survived: number },
  imageUrl: string,
  network: ForgetfulNetwork,
  narrator: Narrator,
): Promise<ActsReport> {
  const { siteId, integrationId, survived } = connected
  const request = { integrationId, waitMs }
  await narrator.follow(account, integrationId, account.sync.pull(request))
  const { count: pulled } = await account.content.list({ siteId, origin: 'remote', limit: 1 })
  narrator.say(`   ${survived} items stood already, ${pulled - survived} were still to come`)

  narrator.say('3. Push new approved content with a featured image')
  const pushed = await pushArticles(account, siteId, imageUrl)
  for (const { title } of pushed) narrator.say(`   ${title}`)

  narrator.say('4. Edit on both sides, sync again')
  const both = await editBothSides(account, wordpress, siteId, pushed)
  await narrator.follow(account, integrationId, account.sync.run(request))

  narrator.say('5. Edit the same posts on both sides: what fits is merged, what does not is asked')
  const together = await editTogether(account, wordpress, integrationId, pushed, narrator)

  narrator.say('6. Push while the network loses the answer: one post all the same')
  const lostAnswerId = await pushUnheard(account, siteId, network)

  narrator.say('7. Pull once more: nothing has changed')
  const repull = await account.sync.pull(request)

  const [events, taxonomies, images] = await Promise.all([
    account.sync.events({ limit: 1 }),
    account.taxonomies.list({ limit: 1 }),
    account.images.list({ limit: 1 }),
  ])
  return {
    integrationId,
    siteId,
    pushedIds: [...pushed.map((content) => content.id), lostAnswerId],
    ...both,
    together,
    lostAnswers: network.lost(),
    repull: repull.counts,
    counts: {
      pulled,
      survived,
      pushed: pushed.length + 1,
      images: images.count,
      taxonomies: taxonomies.count,
      events: events.count,
    },
  }
}

async function pushArticles(account: Account, siteId: string, imageUrl: string): Promise<readonly Content[]> {
  const image = await account.images.create({ siteId, imageUrl, alt: 'A harbour at dusk', title: 'Harbour' })
  const parent = await account.taxonomies.create({ siteId, type: 'category', name: 'Journeys & more' })
  const child = await account.taxonomies.create({ siteId, type: 'category', name: 'By sea', parentId: parent.id })
  const tag = await account.taxonomies.create({ siteId, type: 'tag', name: 'Q&A' })
  const pushed: Content[] = []
  for (const [title, excerpt] of articles) {
    const body = `<!-- wp:heading -->\n<h2 class="wp-block-heading">${excerpt}</h2>\n<!-- /wp:heading -->\n\n<!-- wp:paragraph {"metadata":{"name":"a \\u0026 b"}} -->\n<p>${excerpt} &amp; more.</p>\n<!-- /wp:paragraph -->`
    const content = await account.content.create({
      siteId,
      type: 'post',
      title,
      body,
      excerpt,
      taxonomyIds: [child.id, tag.id],
      featuredImageId: image.id,
    })
    await account.content.submit(content.id)
    await account.content.approve(content.id)
    pushed.push((await account.content.publish(content.id)).content)
  }
  return pushed
}

/** WordPress makes the post, and we never hear of it. */
async function pushUnheard(account: Account, siteId: string, network: ForgetfulNetwork): Promise<string> {
  const [image] = (await account.images.list({ siteId, limit: 500 })).items.filter((one) => one.title === 'Harbour')
  const terms = (await account.taxonomies.list({ siteId, limit: 500 })).items
  const taxonomyIds = terms.filter((term) => term.name === 'By sea' || term.name === 'Q&A').map((term) => term.id)
  const content = await account.content.create({
    siteId,
    type: 'post',
    title: 'Sent once, answered never',
    body: '<!-- wp:paragraph -->\n<p>There is one of me.</p>\n<!-- /wp:paragraph -->',
    featuredImageId: image?.id ?? null,
    taxonomyIds,
  })
  await account.content.approve(content.id)
  network.loseNextCreate()
  await account.content.publish(content.id)
  return content.id
}

/** One post edited here, another one on the site, through WordPress itself. */
async function editBothSides(
  account: Account,
  wordpress: RunningWordPress,
  siteId: string,
  pushed: readonly Content[],
) {
  const [here, there] = pushed
  if (here === undefined || there === undefined) throw new Error('Nothing was pushed.')
  const edited = await account.content.update({
    contentId: here.id,
    version: here.version,
    changes: { title: `${here.title} (edited here)` },
  })
  await account.content.approve(edited.id)
  const editThere = `Edited in WordPress for site ${siteId.slice(0, 8)}`
  const { items } = await account.content.list({ siteId, type: 'post', status: 'published', origin: 'remote' })
  const { posts } = await wordpress.readSite()
  const twins = (title: string) => posts.filter((post) => post.type === 'post' && post.title === title)
  const pulledPost = items.find((content) => twins(content.title).length === 1)
  const [post] = twins(pulledPost?.title ?? '')
  if (pulledPost === undefined || post === undefined) throw new Error('No post was pulled.')
  await wordpress.php(
    "wp_update_post(['ID' => $args['id'], 'post_excerpt' => wp_slash($args['excerpt'])]); echo json_encode(true);",
    { id: post.id, excerpt: editThere },
  )
  return { editedHereId: edited.id, editedThereId: pulledPost.id, editThere }
}
