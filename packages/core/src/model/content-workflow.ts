import { Igny8Error } from '../errors/igny8-error.ts'
import type { Content, ContentFields } from './content.ts'
import { changedFields, hashContentFields } from './content-fields.ts'

/** Whether what stands in the content now is what somebody approved. */
export function isApproved(content: Content): boolean {
  return content.approvedHash !== null && content.approvedHash === hashContentFields(content)
}

/** Applies an edit made here: it revokes the approval, and published content stays published with pending changes. */
export function applyLocalEdit(content: Content, edit: Partial<ContentFields>, now: Date): Content {
  const next = { ...content, ...edit }
  if (changedFields(content, next).length === 0) return content
  const published = content.status === 'published'
  const revoked = content.status === 'approved' || content.status === 'scheduled' || content.status === 'failed'
  return {
    ...next,
    status: revoked ? 'review' : content.status,
    pendingChanges: published || content.pendingChanges,
    approvedHash: null,
    approvedAt: null,
    version: content.version + 1,
    updatedAt: now,
  }
}

/** Takes notice of an edit that was made past the SDK, in the host's own table: it revokes the approval as any other. Nothing changes where nothing was edited. */
export function noticeEdit(content: Content, now: Date): Content {
  if (content.approvedHash === null || isApproved(content)) return content
  const revoked = content.status === 'approved' || content.status === 'scheduled' || content.status === 'failed'
  return {
    ...content,
    status: revoked ? 'review' : content.status,
    pendingChanges: content.status === 'published' || content.pendingChanges,
    approvedHash: null,
    approvedAt: null,
    version: content.version + 1,
    updatedAt: now,
  }
}

/** Draft → review. */
export function submitForReview(content: Content, now: Date): Content {
  if (content.status !== 'draft' && content.status !== 'failed') throw refusal(content, 'submitted')
  return { ...content, status: 'review', version: content.version + 1, updatedAt: now }
}

/** Approves what stands there now. Published content keeps its status: what is approved are its pending changes. */
export function approve(content: Content, now: Date): Content {
  // What went back to its writer as it stood, by the site or off it, is as it was approved, and still has to be approved anew.
  const isBack = content.status === 'draft' || content.status === 'review'
  if (isApproved(content) && !isBack) return content
  if (content.status === 'publishing') throw refusal(content, 'approved')
  const status = content.status === 'published' || content.status === 'scheduled' ? content.status : 'approved'
  const approvedHash = hashContentFields(content)
  return { ...content, status, approvedHash, approvedAt: now, version: content.version + 1, updatedAt: now }
}

/** Sends it back to its writer; published content stays published, its pending changes unapproved. */
export function reject(content: Content, now: Date): Content {
  if (content.status === 'draft' || content.status === 'publishing') throw refusal(content, 'rejected')
  const status = content.status === 'published' ? content.status : 'draft'
  return { ...content, status, approvedHash: null, approvedAt: null, version: content.version + 1, updatedAt: now }
}

/** Moves it along the scheduler's part of the workflow: approved → scheduled → publishing → approved, scheduled or failed. */
export function moveScheduled(
  content: Content,
  status: 'approved' | 'scheduled' | 'publishing' | 'failed' | 'review',
  now: Date,
): Content {
  return content.status === status ? content : { ...content, status, version: content.version + 1, updatedAt: now }
}

/** Leaves a tombstone: the body is kept. */
export function removeContent(content: Content, now: Date): Content {
  if (content.removedAt !== null) return content
  return { ...content, removedAt: now, version: content.version + 1, updatedAt: now }
}

/** Back as a draft that somebody has to approve. */
export function restoreContent(content: Content, now: Date): Content {
  if (content.removedAt === null) return content
  const unapproved = { status: 'draft', pendingChanges: false, approvedHash: null, approvedAt: null } as const
  return { ...content, ...unapproved, removedAt: null, version: content.version + 1, updatedAt: now }
}

function refusal(content: Content, verb: string): Igny8Error {
  return new Igny8Error({
    code: 'INVALID_TRANSITION',
    message: `Content that is ${content.status} cannot be ${verb}.`,
    hint: 'The workflow is draft → review → approved → published; read the content to see where it stands.',
    details: { contentId: content.id, status: content.status },
  })
}
