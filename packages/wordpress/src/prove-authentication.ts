import type { CallOptions } from '@igny8/core'
import type * as z from 'zod'
import { malformed, type WordPressRest } from './wordpress-client.ts'
import { userSchema } from './wordpress-schemas.ts'

export type WordPressUser = z.infer<typeof userSchema>

/**
 * Proves once per client that WordPress takes the credential: it ignores a wrong one and answers as to anybody, so that a 200 or
 * 404 alone proves nothing.
 */
export function createAuthenticationProof(rest: WordPressRest): (options?: CallOptions) => Promise<WordPressUser> {
  let proven: WordPressUser | null = null
  return async (options) => {
    proven ??= await readCurrentUser(rest, options)
    return proven
  }
}

/** Who the credential belongs to. Throws `AUTH_FAILED` where WordPress does not know. */
export async function readCurrentUser(rest: WordPressRest, options?: CallOptions): Promise<WordPressUser> {
  const route = 'wp/v2/users/me'
  const query = { context: 'edit', _fields: 'id,name,username,roles,capabilities' }
  const { value } = await rest.call({ route, query, options })
  const user = userSchema.safeParse(value)
  if (!user.success) throw malformed(route, user.error.issues[0]?.message ?? 'no user')
  return user.data
}
