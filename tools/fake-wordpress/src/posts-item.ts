import type { ContentType } from './content-types.ts'
import { findPost, invalidId } from './posts-write.ts'
import { deleteMedia, deletePost, trashPost } from './remove-post.ts'
import { renderPost } from './render-post.ts'
import { answer, type RestAnswer, refusal } from './rest-answer.ts'
import { mayDelete, mayEdit, mayRead } from './rights.ts'
import { contextArgument, type Endpoint, type RouteCall, refusalStatus, textOf } from './route.ts'

/** Reads one post of a type. */
export function createReadEndpoint(type: ContentType): Endpoint {
  return {
    schema: { id: { type: 'integer' }, context: contextArgument, password: { type: 'string' } },
    permission: (call) => mayNotRead(type, call),
    run: ({ site, parameters, fields }) => {
      const post = findPost(site, type, parameters.id)
      if (post === undefined) return invalidId()
      return answer(renderPost(site, post, { type, context: textOf(parameters, 'context') ?? 'view', fields }))
    },
  }
}

function mayNotRead(type: ContentType, { site, parameters, user }: RouteCall): RestAnswer | null {
  const post = findPost(site, type, parameters.id)
  if (post === undefined) return invalidId()
  if (parameters.context === 'edit' && !mayEdit(user, type, post)) {
    return refusal(refusalStatus(user), 'rest_forbidden_context', 'Sorry, you are not allowed to edit this post.')
  }
  if (mayRead(user, type, post, site.statuses.get(post.status))) return null
  return refusal(refusalStatus(user), 'rest_forbidden', 'Sorry, you are not allowed to do that.')
}

/** Moves to the trash, or with `force` deletes for good. Attachments have no trash. */
export function createRemoveEndpoint(type: ContentType): Endpoint {
  return {
    schema: { id: { type: 'integer' }, force: { type: 'boolean', fallback: false } },
    permission: ({ site, parameters, user }) => {
      const post = findPost(site, type, parameters.id)
      if (post === undefined) return invalidId()
      if (mayDelete(user, type, post)) return null
      return refusal(refusalStatus(user), 'rest_cannot_delete', 'Sorry, you are not allowed to delete this post.')
    },
    run: (call) => remove(type, call),
  }
}

function remove(type: ContentType, { site, parameters, user, fields }: RouteCall): RestAnswer {
  const post = findPost(site, type, parameters.id)
  if (post === undefined) return invalidId()
  parameters.context = 'edit'
  if (parameters.force === true) {
    const previous = renderPost(site, post, { type, context: 'edit', fields })
    if (type.name === 'attachment') deleteMedia(site, post.id)
    else deletePost(site, post)
    return answer({ deleted: true, previous })
  }
  if (!site.configuration.trash || type.name === 'attachment') {
    const message = "The post does not support trashing. Set 'force=true' to delete."
    return refusal(501, 'rest_trash_not_supported', message)
  }
  if (post.status === 'trash') return refusal(410, 'rest_already_trashed', 'The post has already been deleted.')
  return answer(renderPost(site, trashPost(site, user, post), { type, context: 'edit', fields }))
}
