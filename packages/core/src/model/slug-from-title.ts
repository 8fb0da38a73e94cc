/** A slug for content that has none, so that the marker never stays; the platform makes it unique. */
export function slugFromTitle(title: string): string {
  const slug = title
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
  return Array.from(slug).slice(0, 80).join('').replace(/-+$/, '') || 'untitled'
}
