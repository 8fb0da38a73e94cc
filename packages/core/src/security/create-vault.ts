import type { SecretVault } from '../ports/account-context.ts'
import { createSecret } from './create-secret.ts'
import { type SecretBox, secretContext } from './create-secret-box.ts'

/** The secret box, bound to one account. */
export function createVault(secretBox: SecretBox, accountId: string): SecretVault {
  return {
    seal: (value, place) => secretBox.seal(value, secretContext(accountId, place.row, place.field)),
    open: (envelope, place) => secretBox.open(envelope, secretContext(accountId, place.row, place.field)),
    wrap: createSecret,
    async view(envelope, place) {
      if (envelope === null) return { isSet: false, fingerprint: null }
      const secret = await secretBox.open(envelope, secretContext(accountId, place.row, place.field)).catch(() => null)
      return { isSet: true, fingerprint: secret === null ? null : secretBox.fingerprint(secret, accountId) }
    },
  }
}
