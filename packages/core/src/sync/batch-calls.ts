import { Igny8Error, isIgny8Error } from '../errors/igny8-error.ts'
import type { CallOptions } from '../ports/call-options.ts'
import type { PlatformClient } from '../ports/platform-adapter.ts'
import type { BatchOperation, PlatformContent, RemoteContent, RemoteLookup } from '../ports/platform-content.ts'

/** A client whose calls travel together with those of others. */
export interface BatchedClient {
  readonly client: PlatformClient
  /** One party makes no more calls: the others need not wait for it. */
  leave(): void
}

interface Waiting<Input, Output> {
  readonly input: Input
  readonly options?: CallOptions | undefined
  resolve(output: Output): void
  reject(error: unknown): void
}

type Read = Waiting<{ readonly type: string; readonly externalId: string }, RemoteLookup>
type Write = Waiting<BatchOperation, RemoteContent>

/**
 * Lets `parties` pushes that run side by side share their requests: each works as if it were alone, and what they read and write goes out together once every one
 * of them waits, as many in one request as the platform takes. Each gets the outcome of its own operation; a lost answer is unknown to all of them. Who has given up, or may not send any more
 * when the request leaves, is left behind alone; `signal` ends what they share.
 */
export function batchCalls(client: PlatformClient, parties: number, signal?: AbortSignal): BatchedClient {
  const { batch } = client.content
  const { pull } = client
  if (batch === undefined || pull === undefined) return { client, leave: () => undefined }
  let active = parties
  let reads: Read[] = []
  let writes: Write[] = []
  let isBatchRefused = false

  function flushWhenAllWait(): void {
    if (reads.length + writes.length === 0 || reads.length + writes.length < active) return
    const [reading, writing] = [reads.filter(isWanted), writes.filter(isWanted)]
    reads = []
    writes = []
    for (const group of groupBy(reading, ({ input }) => input.type).values())
      for (const part of chunksOf(group, pull?.maxPageSize ?? 1)) void readTogether(part)
    for (const part of chunksOf(writing, batch?.maxOperations ?? 1)) void writeTogether(part)
  }

  /** Items that a list does not show are asked for one by one: only that is proof. */
  async function readTogether(group: readonly Read[]): Promise<void> {
    const type = group[0]?.input.type ?? ''
    try {
      const externalIds = group.map(({ input }) => input.externalId)
      const found = group.length === 1 ? [] : ((await pull?.getMany({ type, externalIds }, { signal }))?.rows ?? [])
      const byId = new Map(found.map((content) => [content.externalId, content]))
      for (const { input, options, resolve, reject } of group) {
        const content = byId.get(input.externalId)
        if (content !== undefined) resolve({ kind: 'found', content })
        else client.content.get(input, options).then(resolve, reject)
      }
    } catch (error) {
      for (const { reject } of group) reject(error)
    }
  }

  async function writeTogether(group: readonly Write[]): Promise<void> {
    if (isBatchRefused || group.length <= 1) return writeSingly(group)
    const refusals = new Map<Write, unknown>()
    try {
      const beforeSend = async () => {
        for (const [index, asked] of (await Promise.allSettled(group.map(mayLeave))).entries())
          if (asked.status === 'rejected') refusals.set(group[index] as Write, asked.reason)
        for (const refusal of refusals.values()) throw refusal
      }
      const outcomes = await batch?.run(
        group.map(({ input }) => input),
        { signal, beforeSend },
      )
      for (const [index, { resolve, reject }] of group.entries()) {
        const outcome = outcomes?.[index]
        if (outcome?.kind === 'done') resolve(outcome.content)
        else reject(outcome?.error)
      }
    } catch (error) {
      if (refusals.size > 0) {
        for (const [{ reject }, refusal] of refusals) reject(refusal)
        return writeTogether(group.filter((write) => !refusals.has(write)))
      }
      if (isIgny8Error(error) && error.code === 'UNSUPPORTED') {
        isBatchRefused = true
        return writeSingly(group)
      }
      for (const { reject } of group) reject(error)
    }
  }

  function writeSingly(group: readonly Write[]): void {
    for (const { input, options, resolve, reject } of group) {
      const { create, update } = client.content
      const written = input.kind === 'create' ? create(input, options) : update(input, options)
      written.then(resolve, reject)
    }
  }

  const write = (input: BatchOperation, options?: CallOptions) =>
    new Promise<RemoteContent>((resolve, reject) => {
      writes.push({ input, options, resolve, reject })
      flushWhenAllWait()
    })
  const content: PlatformContent = {
    ...client.content,
    get: (input, options) =>
      new Promise((resolve, reject) => {
        reads.push({ input, options, resolve, reject })
        flushWhenAllWait()
      }),
    create: (input, options) => write({ kind: 'create', ...input }, options),
    update: (input, options) => write({ kind: 'update', ...input }, options),
  }
  return {
    client: { ...client, content },
    leave() {
      active--
      flushWhenAllWait()
    },
  }
}

/** Leaves out, and tells, who has given up while it waited for the others. */
function isWanted({ options, reject }: Pick<Read | Write, 'options' | 'reject'>): boolean {
  if (options?.signal?.aborted !== true) return true
  reject(givenUp())
  return false
}

async function mayLeave({ options }: Write): Promise<void> {
  if (options?.signal?.aborted === true) throw givenUp()
  await options?.beforeSend?.()
}

function givenUp(): Igny8Error {
  return new Igny8Error({
    code: 'CANCELLED',
    message: 'The request was cancelled before it was sent.',
    hint: 'Start again when it suits.',
    retryable: true,
  })
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item])
  return groups
}

function chunksOf<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  )
}
