import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { type AccountStorage, type AccountStores, isIgny8Error, type Page, type Storage } from '@igny8/core'
import { buildInstant } from '@igny8/core/testing'
import fc from 'fast-check'
import { type HeldLeases, type LeaseCall, leaseCall, type StoreCall, storeCall } from './storage-calls.ts'

/** Something that is done to a storage. */
export type Step =
  | { readonly account: 0 | 1; readonly call: StoreCall }
  | { readonly account: 0 | 1; readonly lease: LeaseCall }
  /** Several calls, committed together or given up. */
  | { readonly account: 0 | 1; readonly calls: readonly StoreCall[]; readonly givesUp: boolean }
  | { readonly account: 0 | 1; readonly system: 'read' | 'rotate' | 'deliver' | 'removeAll' }

const account = fc.constantFrom<0 | 1>(0, 0, 0, 1)

/** Sequences of steps that meet in few rows. */
export const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: fc.record({ account, call: storeCall }) },
    { weight: 2, arbitrary: fc.record({ account, lease: leaseCall }) },
    {
      weight: 2,
      arbitrary: fc.record({ account, calls: fc.array(storeCall, { maxLength: 4 }), givesUp: fc.boolean() }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ account, system: fc.constantFrom('read', 'read', 'rotate', 'deliver', 'removeAll') }),
    },
  ),
  { minLength: 1, maxLength: 25, size: 'max' },
)

const accountIds = ['model-1', 'model-2'] as const

/** Does the steps on every storage and asserts that all answer alike, step by step. Leaves nothing behind. */
export async function compareStorages(
  storages: Readonly<Record<string, Storage>>,
  done: readonly Step[],
): Promise<void> {
  const subjects = Object.entries(storages).map(([name, storage]) => ({
    name,
    storage,
    accounts: accountIds.map((accountId) => storage.forAccount(accountId)),
    held: new Map() as HeldLeases,
  }))
  try {
    for (const [index, step] of done.entries()) {
      const answers = await Promise.all(
        subjects.map(async ({ storage, accounts, held }) => {
          const subject = accounts[step.account]
          assert.ok(subject)
          return answerOf(() => doStep(step, storage, subject, held))
        }),
      )
      for (const [at, answer] of answers.entries())
        assert.deepEqual(answer, answers[0], `step ${index}: ${subjects[at]?.name} beside ${subjects[0]?.name}`)
    }
  } finally {
    for (const { accounts } of subjects) for (const subject of accounts) await subject.removeAll()
  }
}

async function doStep(step: Step, storage: Storage, subject: AccountStorage, held: HeldLeases): Promise<unknown> {
  const accountId = accountIds[step.account]
  if ('call' in step) return doCall(subject, step.call, accountId)
  if ('lease' in step) return doLease(subject, step.lease, held, step.account)
  if ('system' in step) return doSystem(storage, subject, step.system)
  const givenUp = new Error('given up')
  const answers: unknown[] = []
  await subject
    .transaction(async (stores) => {
      answers.length = 0
      // A call that is refused leaves the rest of its transaction as it was.
      for (const call of step.calls) answers.push(await answerOf(() => doCall(stores, call, accountId)))
      if (step.givesUp) throw givenUp
    })
    .catch((error: unknown) => {
      if (error !== givenUp) throw error
    })
  return answers
}

async function doCall(stores: AccountStores, call: StoreCall, accountId: string): Promise<unknown> {
  const store = stores[call.store] as unknown as Readonly<Record<string, (...input: unknown[]) => Promise<unknown>>>
  const method = store[call.method]
  assert.ok(method, `${call.store}.${call.method}`)
  const input = call.input.map((value) => ownedBy(value, accountId))
  if (call.isPaged === true) return readPages(method, input)
  const answer = await method(...input)
  return call.isUnordered === true ? inOrder(answer as readonly unknown[]) : answer
}

/** All pages, by their items. */
async function readPages(list: (...input: unknown[]) => Promise<unknown>, input: readonly unknown[]) {
  const pages: unknown[] = []
  const query = input.at(-1) as object
  let cursor: string | null | undefined
  while (cursor !== null) {
    const page = (await list(...input.slice(0, -1), { ...query, cursor: cursor ?? undefined })) as Page<unknown>
    pages.push(page.items)
    cursor = page.nextCursor
  }
  return pages
}

async function doLease({ leases }: AccountStores, step: LeaseCall, held: HeldLeases, at: number): Promise<unknown> {
  const { key, owner, now, ttlMs } = step
  const place = `${at}:${key}:${owner}`
  const lease = held.get(place)
  if (step.lease === 'acquire') {
    const acquired = await leases.acquire({ key, owner, now, ttlMs })
    const isNewest = [...held.values()].every((other) => (acquired?.token ?? Infinity) >= other.token)
    if (acquired !== undefined) held.set(place, acquired)
    return acquired && { ...acquired, token: isNewest || lease?.token === acquired.token }
  }
  if (lease === undefined) return 'none'
  if (step.lease === 'renew') {
    const renewed = await leases.renew(lease, now, ttlMs)
    return renewed && { ...renewed, token: renewed.token === lease.token }
  }
  return step.lease === 'release' ? leases.release(lease) : leases.assertHeld(lease, now)
}

async function doSystem({ system }: Storage, subject: AccountStorage, what: string): Promise<unknown> {
  const now = buildInstant(2)
  if (what === 'removeAll') return subject.removeAll()
  if (what === 'deliver') return system.removeFromOutbox((await system.listOutbox(2)).map(({ id }) => id))
  if (what === 'rotate') {
    const { items } = await system.listEnvelopes({ limit: 3 })
    const outcomes: unknown[] = []
    for (const item of items)
      outcomes.push(
        item,
        await system.replaceEnvelope(item, `${item.envelope}+`),
        await system.replaceEnvelope(item, '!'),
      )
    return outcomes
  }
  return {
    byUrl: inOrder(await system.findIntegrationsByUrls('wordpress', ['https://a.example', 'https://b.example'])),
    byId: inOrder(await system.findIntegrationsById('integration-1')),
    dirty: await system.listDirtyIntegrations(now, 9),
    due: await system.listDueIntegrations(now, 9),
    silent: await system.listSilentRuns(now, 9),
    open: await system.listOpenUsage(now, 9),
    outbox: inOrder(await system.listOutbox(99)),
    envelopes: await readPages((query) => system.listEnvelopes(query as { limit: number }), [{ limit: 2 }]),
  }
}

/** What a call came to: its answer, or the code of its error. */
async function answerOf(call: () => Promise<unknown>): Promise<unknown> {
  try {
    return { answer: await call() }
  } catch (error) {
    if (isIgny8Error(error) && !('cause' in error && error.code === 'STORAGE_FAILED')) return { code: error.code }
    throw error
  }
}

/** Rows of the builders belong to nobody yet. */
function ownedBy(value: unknown, accountId: string): unknown {
  if (Array.isArray(value)) return value.map((element) => ownedBy(element, accountId))
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  const owned = Object.entries(value).map(([name, member]) => [
    name,
    name === 'accountId' ? accountId : name === 'publication' ? ownedBy(member, accountId) : member,
  ])
  return Object.fromEntries(owned)
}

/** By all that they hold, whatever the order of their members. */
function inOrder(answers: readonly unknown[]): readonly unknown[] {
  const textOf = (answer: unknown) => inspect(answer, { sorted: true, depth: null, maxStringLength: null })
  return answers.toSorted((left, right) => (textOf(left) < textOf(right) ? -1 : 1))
}
