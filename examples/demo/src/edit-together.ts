import type { Account, Content } from '@igny8/core'
import type { RunningWordPress } from '@igny8-tools/wordpress'
import type { Narrator } from './show-progress.ts'
import { waitMs } from './wait.ts'

/** What both sides did to two posts, for the check. */
export interface Together {
  readonly mergedId: string
  readonly mergedHere: string
  readonly mergedThere: string
  readonly contestedId: string
  readonly decidedTitle: string
}

/** Both sides edit the same two posts: different paragraphs of one, which merges; the title of the other, which somebody has to decide. */
export async function editTogether(
  account: Account,
  wordpress: RunningWordPress,
  integrationId: string,
  pushed: readonly Content[],
  narrator: Narrator,
): Promise<Together> {
  const [, , merged, contested] = pushed
  if (merged === undefined || contested === undefined) throw new Error('Too little was pushed.')
  const together: Together = {
    mergedId: merged.id,
    mergedHere: 'A heading written here',
    mergedThere: 'A paragraph written there',
    contestedId: contested.id,
    decidedTitle: `${contested.title} (as decided)`,
  }
  await editHere(account, merged.id, (content) => ({ body: replaceHeading(content.body, together.mergedHere) }))
  await editHere(account, contested.id, () => ({ title: together.decidedTitle }))
  await editThere(wordpress, merged.title, { content: replaceParagraph(merged.body, together.mergedThere) })
  await editThere(wordpress, contested.title, { title: `${contested.title} (as written there)` })
  const run = () => narrator.follow(account, integrationId, account.sync.run({ integrationId, waitMs }))
  await run()
  const { items } = await account.conflicts.list({ integrationId, status: 'open' })
  for (const { id, fields } of items) {
    for (const { field, ours, theirs } of fields)
      narrator.say(`   both changed the ${field}: ours "${ours}", theirs "${theirs}"`)
    await account.conflicts.resolve({ conflictId: id, fields: { title: 'ours' } })
    narrator.say('   decided: ours')
  }
  await account.content.approve(contested.id)
  await run()
  return together
}

async function editHere(
  account: Account,
  contentId: string,
  edit: (content: Content) => { readonly title?: string; readonly body?: string },
): Promise<void> {
  const content = await account.content.get(contentId)
  await account.content.update({ contentId, version: content.version, changes: edit(content) })
  await account.content.approve(contentId)
}

async function editThere(
  wordpress: RunningWordPress,
  title: string,
  change: { readonly title?: string; readonly content?: string },
): Promise<void> {
  await wordpress.php(
    `$post = get_posts(['title' => $args['title'], 'post_status' => 'any', 'numberposts' => 1])[0];
     wp_update_post(wp_slash(array_filter(['ID' => $post->ID, 'post_title' => $args['newTitle'], 'post_content' => $args['content']])));
     echo json_encode(true);`,
    { title, newTitle: change.title ?? '', content: change.content ?? '' },
  )
}

function replaceHeading(body: string, text: string): string {
  return body.replace(/(<h2[^>]*>)[^<]*/, `$1${text}`)
}

function replaceParagraph(body: string, text: string): string {
  return body.replace(/(<p>)[^<]*/, `$1${text}`)
}
