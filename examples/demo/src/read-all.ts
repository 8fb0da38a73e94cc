/** Every item of a list that comes in pages. */
export async function readAll<Item>(
  read: (cursor: {
    readonly cursor?: string
  }) => Promise<{ readonly items: readonly Item[]; readonly nextCursor: string | null }>,
): Promise<readonly Item[]> {
  const items: Item[] = []
  let next: string | null = null
  do {
    const page: { readonly items: readonly Item[]; readonly nextCursor: string | null } = await read(
      next === null ? {} : { cursor: next },
    )
    items.push(...page.items)
    next = page.nextCursor
  } while (next !== null)
  return items
}
