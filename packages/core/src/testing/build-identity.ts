/** The account of rows that builders make, unless told otherwise. */
export const testAccountId = 'account-1'

const kinds = {
  site: 'a1',
  integration: 'a2',
  content: 'b1',
  taxonomy: 'b2',
  image: 'b3',
  intent: 'c1',
  conflict: 'c2',
  run: 'd1',
  event: 'd2',
  delivery: 'd3',
  domainEvent: 'd4',
  publication: 'e1',
  usage: 'e2',
} as const

/** Makes the id of the `number`th row of a kind: shaped like our ids (UUIDv7), readable, the same in every run, ascending. */
export function buildId(kind: keyof typeof kinds, number = 1): string {
  return `0199e000-0000-7000-80${kinds[kind]}-${String(number).padStart(12, '0')}`
}

/** Makes an instant on Monday, 2 November 2026, `seconds` after 09:00 UTC. */
export function buildInstant(seconds = 0): Date {
  return new Date(Date.UTC(2026, 10, 2, 9) + seconds * 1000)
}

/** Makes the columns that most rows have: the `number`th row is made `number` seconds after 09:00. */
export function buildRowColumns(number: number) {
  const createdAt = buildInstant(number)
  return { accountId: testAccountId, version: 1, createdAt, updatedAt: createdAt } as const
}
