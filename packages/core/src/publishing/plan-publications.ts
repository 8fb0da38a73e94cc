import { openPlan } from './open-plan.ts'
import type { PlanInput, PublicationPlan } from './publication-plan.ts'

/**
 * Plans when everything in a queue is published. Pure and deterministic: the tick, the preview, explanations and "what if" are all this one function.
 *
 * Pins stand first. Then each, in order, takes the first instant that is free for it: nothing moves what comes before it.
 */
export function planPublications(input: PlanInput): PublicationPlan {
  const { order, place } = openPlan(input)
  return { items: order.map(place) }
}
