/**
 * An instant from WordPress's `…_gmt` fields, which carry no zone and mean UTC. `null` for what is missing, `0000-00-00…` or no
 * time at all.
 */
export function mapGmtToDate(text: string | null | undefined): Date | null {
  const match = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:\.\d{1,9})?(Z|[+-]\d{2}:\d{2})?$/.exec(text ?? '')
  if (match === null) return null
  const time = Date.parse(`${match[1]}T${match[2]}${match[3] ?? 'Z'}`)
  return Number.isNaN(time) ? null : new Date(time)
}

/** The form that WordPress's date filters take. Without the `Z` they would read it as the site's local time. */
export function mapDateToGmt(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`
}
