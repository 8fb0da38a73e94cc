import type { AccountContext } from '../ports/account-context.ts'
import { type ExportedRow, exportAccount } from './export-account.ts'

/** An account as a whole. */
export interface AccountDataApi {
  /** Everything that belongs to the account, row by row, without credentials; for a copy that its owner asks for. */
  export(options?: { readonly signal?: AbortSignal }): AsyncGenerator<ExportedRow, void, undefined>
  /**
   * Removes every row and asset of the account, credentials included. What stands on the sites stays there. Work under way ends at its next step without having
   * written anything more here. Idempotent; there is no way back.
   */
  removeAll(): Promise<void>
}

export function createAccountDataApi(context: AccountContext): AccountDataApi {
  return {
    export: (options) => exportAccount(context, options),
    async removeAll() {
      await context.storage.removeAll()
      await context.assets.removeAll(context.accountId)
    },
  }
}
