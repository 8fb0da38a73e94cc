import type { DomainEvent } from '@igny8/core'

/** What hosts have heard. */
export interface HeardEvents {
  hear(event: DomainEvent): void
  /** Deliveries, and those of them that came again. */
  readonly counts: () => { readonly delivered: number; readonly again: number }
  /** Events of one content whose first deliveries are not in the order of its versions, and promised ones that nobody heard of. */
  findProblems(promised: readonly (readonly [type: string, subjectId: string])[]): readonly string[]
}

export function createHeardEvents(): HeardEvents {
  const first = new Map<string, DomainEvent>()
  let delivered = 0
  return {
    hear(event) {
      delivered++
      if (!first.has(event.id)) first.set(event.id, event)
    },
    counts: () => ({ delivered, again: delivered - first.size }),
    findProblems(promised) {
      const problems: string[] = []
      const newest = new Map<string, number>()
      const heard = new Map<string, number>()
      for (const { type, subjectId, data } of first.values()) {
        const name = `${type} ${subjectId}`
        heard.set(name, (heard.get(name) ?? 0) + 1)
        const { version } = data
        if (typeof version !== 'number') continue
        if (version < (newest.get(subjectId) ?? 0)) problems.push(`${name} ${version} was heard too late`)
        newest.set(subjectId, Math.max(version, newest.get(subjectId) ?? 0))
      }
      const wanted = new Map<string, number>()
      for (const [type, subjectId] of promised) {
        const name = `${type} ${subjectId}`
        wanted.set(name, (wanted.get(name) ?? 0) + 1)
      }
      for (const [name, times] of wanted) {
        const heardTimes = heard.get(name) ?? 0
        if (heardTimes < times) problems.push(`${name} was heard ${heardTimes} of ${times} times`)
      }
      return problems
    },
  }
}
