/** Ours' additions and removals, applied to theirs. Sorted, each member once. */
export function mergeSets(sets: {
  readonly base: readonly string[]
  readonly ours: readonly string[]
  readonly theirs: readonly string[]
}): readonly string[] {
  const [base, ours] = [new Set(sets.base), new Set(sets.ours)]
  const kept = sets.theirs.filter((member) => ours.has(member) || !base.has(member))
  const added = sets.ours.filter((member) => !base.has(member))
  return [...new Set([...kept, ...added])].sort()
}
