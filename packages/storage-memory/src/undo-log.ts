/** What it takes to go back to how things were. */
export interface UndoLog {
  record(undo: () => void): void
  /** A point to return to. */
  mark(): number
  /** Undoes everything recorded since the mark, newest first. */
  rollBackTo(mark: number): void
  /** Forgets everything: what was done is committed. */
  clear(): void
}

export function createUndoLog(): UndoLog {
  const entries: (() => void)[] = []
  return {
    record(undo) {
      entries.push(undo)
    },
    mark: () => entries.length,
    rollBackTo(mark) {
      while (entries.length > mark) entries.pop()?.()
    },
    clear() {
      entries.length = 0
    },
  }
}
