import { platformContract } from '@igny8/core/testing'
import { describe, it } from 'vitest'
import { describeOnWordPress } from './with-wordpress.ts'

const reviewStatus = `add_action('init', fn() => register_post_status('in-review', ['protected' => true, 'show_in_rest' => true]));`

describeOnWordPress('WordPress under the platform contract', (site) => {
  for (const type of ['post', 'page', 'product']) {
    describe(`with the type ${type}`, () => {
      platformContract({
        describe,
        it,
        createPlatform: async () => {
          const { install, open, wordpress } = site()
          await install(reviewStatus)
          return {
            client: open(),
            type,
            futureDates: true,
            async setForeignStatus(externalId) {
              await wordpress.php('wp_update_post(["ID" => $args["id"], "post_status" => "in-review"]); echo 1;', {
                id: externalId,
              })
              return { status: 'in-review' }
            },
          }
        },
      })
    })
  }
})
