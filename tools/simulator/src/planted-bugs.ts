/** A bug that the simulator has to find: the text is replaced in a copy of the sources. */
export interface PlantedBug {
  readonly name: string
  /** Under `packages/`. */
  readonly file: string
  readonly from: string
  readonly to: string
  /** A second change, in the same file. */
  readonly also?: { readonly from: string; readonly to: string }
}

const sync = 'core/src/sync'

/** One a row; the text has to stand in its file exactly once. */
export const plantedBugs: readonly PlantedBug[] = [
  {
    name: 'a lost create is a failed one',
    file: `${sync}/create-draft.ts`,
    from: "if (isIgny8Error(error) && error.effect === 'none') {",
    to: 'if (isIgny8Error(error)) {',
  },
  {
    name: 'a draft that could not be linked was not created',
    file: `${sync}/create-draft.ts`,
    from: 'return linkDraft(sync, content, asked, asAnswered(draft, references))',
    to: 'return linkDraft(sync, content, asked, asAnswered(draft, references)).catch((error: unknown) => lookAfterFailure(sync, content, asked, error))',
  },
  {
    name: 'a removal is forgotten when its conflict opens',
    file: `${sync}/remove-remote.ts`,
    from: 'await recordConflict(sync, stores, { remote, link, content }, [field])',
    to: 'await recordConflict(sync, stores, { remote, link, content }, [field]), await stores.intents.remove(sync.integration.id, intent.contentId)',
  },
  {
    name: 'a removal ends the watch for second drafts',
    file: 'core/src/model/ended-intent.ts',
    from: 'if (intent.draftHash === null && !isUnlinked)',
    to: "if (intent.action === 'remove' || (intent.draftHash === null && !isUnlinked))",
  },
  {
    name: 'a sweep goes on where it stood in another zone',
    file: `${sync}/later-pull.ts`,
    from: '{ sweptAt: null, sweep: null }',
    to: '{ sweptAt: null }',
  },
  {
    name: 'what stays in the trash counts as living',
    file: `${sync}/apply-remote-items.ts`,
    from: 'remoteBase: link.remoteBase, deletedAt: link.deletedAt }',
    to: 'remoteBase: link.remoteBase }',
  },
  {
    name: 'nobody can decide about what is gone for good',
    file: `${sync}/resolve-conflict.ts`,
    from: 'return (await locate(sync, link)) ?? ghostOf(link)',
    to: `const found = await locate(sync, link)
  if (found === null) throw versionConflict('conflict', conflict.id)
  void ghostOf
  return found`,
  },
  {
    name: 'a create begins without a look whether the lease is held',
    file: `${sync}/push-content.ts`,
    from: '    await sync.guard(stores)\n    // Whoever',
    to: '    // Whoever',
  },
  {
    name: 'no look before a second create',
    file: `${sync}/create-draft.ts`,
    from: 'if (intent.unresolvedSince !== null) {',
    to: 'if (intent.unresolvedSince === undefined) {',
  },
  {
    name: 'the settle time is not waited for',
    file: `${sync}/create-draft.ts`,
    from: 'if (waitMs > 0) throw unsettled(waitMs)',
    to: 'if (waitMs > 3_600_000) throw unsettled(waitMs)',
  },
  {
    name: 'the mark is our clock',
    file: `${sync}/later-pull.ts`,
    from: 'mark ??= page.serverTime',
    to: 'mark ??= sync.account.clock.now()',
  },
  {
    name: 'no overlap',
    file: `${sync}/later-pull.ts`,
    from: 'const overlapMs = 2 * 3_600_000',
    to: 'const overlapMs = 0',
  },
  {
    name: 'a changed zone is passed over',
    file: `${sync}/later-pull.ts`,
    from: 'standing.timezone === timezone && (pages < 2',
    to: '(pages < 2',
  },
  {
    name: 'the newest ids are not looked at',
    file: `${sync}/later-pull.ts`,
    from: 'of walkNewest(sync, pull, type))',
    to: 'of walkNewest(sync, pull, type)) if (page.total === -1)',
  },
  {
    name: 'keyset pages forget whom they have seen in a second',
    file: `${sync}/later-pull.ts`,
    from: 'if (since.getTime() > keyset.since.getTime()) return { since, excludeIds: tied }',
    to: 'if (since.getTime() > keyset.since.getTime()) return { since: new Date(since.getTime() + 1_000), excludeIds: [] }',
  },
  {
    name: 'no re-hash',
    file: `${sync}/pull-content.ts`,
    from: 'state = await rehashOldest(sync, pull, state)',
    to: 'void rehashOldest',
  },
  {
    name: 'no sweep',
    file: `${sync}/pull-content.ts`,
    from: 'if (isSweepDue(state, clock.now())) await',
    to: 'if (isSweepDue(state, clock.now()) && type === "") await',
  },
  {
    name: 'what is of another type is deleted',
    file: `${sync}/confirm-missing.ts`,
    from: 'for (const type of [link.externalType, ...others]) {',
    to: 'for (const type of [link.externalType, ...others].slice(0, 1)) {',
  },
  {
    name: 'the guard of deletions sleeps',
    file: `${sync}/guard-deletions.ts`,
    from: 'return isTooMany || isLastOfMany',
    to: 'return isTooMany && isLastOfMany && living < 0',
  },
  {
    name: 'terms are created twice here',
    file: `${sync}/pull-taxonomies.ts`,
    from: 'const row = link === undefined ? unlinked.get(key) :',
    to: 'const row = link === undefined ? undefined :',
  },
  {
    name: 'images are uploaded without a look',
    file: `${sync}/upload-once.ts`,
    from: 'await media.findByContentHash(input.contentHash, { signal })',
    to: 'null',
  },
  {
    name: 'our base is the head, not what was sent',
    file: `${sync}/commit-push.ts`,
    from: 'return { sent, moved',
    to: 'return { sent: { ...head, slug: headSlug }, moved',
  },
  {
    name: 'their base is what we sent, not the answer',
    file: `${sync}/build-remote-write.ts`,
    from: 'write[name] === undefined ? before.fields[name] : now[name]',
    to: 'write[name] === undefined ? before.fields[name] : (write[name] as (typeof now)[Name])',
  },
  {
    name: 'foreign edits in the answer are agreed to',
    file: `${sync}/push-content.ts`,
    from: 'agreed: agreedAfterWrite(before, write, remote),',
    to: 'agreed: (agreedAfterWrite(before, write, remote), remote),',
  },
  {
    name: 'overwritten edits are not looked for',
    file: `${sync}/push-content.ts`,
    from: "action === 'unchanged' ? [] :",
    to: "action !== 'unchanged' || action ? [] :",
  },
  {
    name: 'their edits are not taken before a push',
    file: `${sync}/take-their-edits.ts`,
    from: 'if (hashRemote(remote) === link.remoteHash) return',
    to: 'if (hashRemote(remote) !== "") return',
  },
  {
    name: 'transactions are not guarded by the lease',
    file: `${sync}/with-lease.ts`,
    from: 'guard: (stores) => stores.leases.assertHeld(lease, clock.now()),',
    to: 'guard: async () => undefined,',
  },
  {
    name: 'no lease',
    file: `${sync}/with-lease.ts`,
    from: 'if (first === undefined) throw busy()',
    to: 'if (first === undefined) return work({ signal: signal ?? new AbortController().signal, guard: async () => undefined })',
  },
  {
    name: 'pull ignores pushes under way, and what is newer than it read',
    file: `${sync}/apply-remote-items.ts`,
    from: 'return (link) => held.has(keyOf(link)) ||',
    to: 'return (link) => held.size < 0 && held.has(keyOf(link)) &&',
  },
  {
    name: 'pull applies what is older than what is known',
    file: `${sync}/apply-remote-items.ts`,
    from: '(link.verifiedAt !== null && link.verifiedAt > readAt)',
    to: '(link.verifiedAt !== null && link.verifiedAt > readAt && link.version < 0)',
  },
  {
    name: 'the mark moves before the items',
    file: `${sync}/later-pull.ts`,
    from: 'mark ??= page.serverTime\n',
    to: `mark ??= page.serverTime
    const moved = { ...state, mark: new Date(mark.getTime() + 3 * 3_600_000) }
    state = await sync.account.storage.transaction((stores) => savePullState(sync, stores, state, moved))
`,
  },
  {
    name: 'nobody need approve',
    file: `${sync}/push-content.ts`,
    from: 'if (isApproved(content)) return content',
    to: 'if (isApproved(content) || content.version > 0) return content',
  },
  {
    name: 'to ask means ours',
    file: `${sync}/plan-item.ts`,
    from: "if (policy === 'ask') return null",
    to: "if (policy === 'ask') return 'ours'",
  },
  {
    name: 'twins stay',
    file: `${sync}/retire-twins.ts`,
    from: 'for (const twin of twins) {',
    to: 'for (const twin of twins.slice(0, 0)) {',
  },
  {
    name: 'events come after the transaction',
    file: `${sync}/commit-push.ts`,
    from: '    await stores.events.append([pushEvent(sync, commit)])\n',
    to: '',
    also: {
      from: '  account.committed()\n}\n',
      to: '  account.committed()\n  await account.storage.events.append([pushEvent(sync, commit)])\n}\n',
    },
  },
  {
    name: 'the last update of a create sends nothing newer',
    file: `${sync}/push-content.ts`,
    from: '...buildChangedWrite(localBaseOf(link), content, references),',
    to: '...(isNew ? {} : buildChangedWrite(localBaseOf(link), content, references)),',
  },
  {
    name: 'what is in the trash counts as taken',
    file: `${sync}/apply-remote-items.ts`,
    from: "if (remote.state !== 'trashed' || link?.remoteBase == null) return described",
    to: "if (remote.state !== 'trashed' || link?.remoteBase == null || link.version > 0) return described",
  },
  {
    name: 'a found draft is as we sent it',
    file: `${sync}/create-draft.ts`,
    from: 'await readCreated(sync, oldest, sent)',
    to: '{ created: oldest, agreed: oldest }',
  },
  {
    name: 'what the site gives a draft by itself counts as work on it',
    file: `${sync}/created-draft.ts`,
    from: 'asked.length === 0 && standing.length === 1 ? standing : asked',
    to: 'asked',
  },
  {
    name: 'an open conflict does not stop a push',
    file: `${sync}/push-content.ts`,
    from: 'takeBackContested(sync, contentId)\n    throw conflictOpen(contentId)',
    to: 'takeBackContested(sync, contentId)\n    void conflictOpen(contentId)',
  },
  {
    name: 'the history is not kept',
    file: `${sync}/merge-pulled.ts`,
    from: 'writes.history.push(...replacedVersions(',
    to: 'void (replacedVersions(',
  },
]
