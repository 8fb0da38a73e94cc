import { createIgny8, type Storage } from '@igny8/core'
import { createSystemClock } from '@igny8/core/adapter-kit'
import { createFakePlatform } from '@igny8/core/testing'
import { createOpenAIProvider } from '@igny8/providers/openai'

const keys = {
  old: { id: 'old', secret: Buffer.alloc(32, 1).toString('base64') },
  new: { id: 'new', secret: Buffer.alloc(32, 2).toString('base64') },
}

/** A process of a host whose keys are these, the first of which encrypts. Its platform takes any password, so that each site may have one of its own. */
export function createRotatingHost(storage: Storage, ...names: readonly (keyof typeof keys)[]) {
  const { adapter, credentials } = createFakePlatform({ clock: createSystemClock() })
  const right = `${credentials.username}:${credentials.password}`
  const shown = () => '[secret]' as const
  const credential = { reveal: () => right, toString: shown, toJSON: shown }
  return createIgny8({
    storage,
    platforms: [{ ...adapter, open: (connection) => adapter.open({ ...connection, credential }) }],
    providers: [createOpenAIProvider()],
    encryption: { keys: names.map((name) => keys[name]) },
  })
}
