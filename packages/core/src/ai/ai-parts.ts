import type { Content } from '../model/content.ts'
import type { Image } from '../model/image.ts'
import type { AccountContext } from '../ports/account-context.ts'
import type { AiProvider } from '../ports/ai-provider.ts'
import type { ModelRegistry } from './model-registry.ts'
import type { ToldWindows } from './told-windows.ts'

/** What AI works with and all accounts share. */
export interface AiParts {
  /** By name. */
  readonly providers: ReadonlyMap<string, AiProvider>
  readonly registry: ModelRegistry
  /** Where settings that hold for all accounts are kept. */
  readonly platform: AccountContext
  /** The pause before the next attempt, in milliseconds. `attempt` counts from 1. */
  pauseMs(attempt: number): number
  readonly toldWindows: ToldWindows
}

/** What AI makes of the other capabilities of an account. */
export interface AiSurroundings {
  /** Checks the bytes, keeps them as an asset, and makes an image of them. Throws `IMAGE_REFUSED`. */
  keepImage(input: {
    readonly siteId: string
    readonly bytes: Uint8Array
    readonly alt: string
    readonly title: string
  }): Promise<Image>
  /** Finds or makes a term, and returns its id. */
  createTerm(input: { readonly siteId: string; readonly type: string; readonly name: string }): Promise<string>
  /** Makes a draft. */
  createContent(input: {
    readonly siteId: string
    readonly type: string
    readonly title: string
    readonly body: string
    readonly bodyFormat: 'blocks'
    readonly excerpt: string
    readonly slug: string
    readonly taxonomyIds: string[]
    readonly actor: string
  }): Promise<Content>
}
