const parts = /^https?:\/\/(?:www\.)?(.+)$/s

/** What is left of an address without scheme and `www.`: people connect one form of it, and their site calls itself by another. */
export function siteUrlKey(url: string): string {
  return parts.exec(url)?.[1] ?? url
}

/** The addresses that name the same site as far as webhooks go. Which of them is connected, and by whom, is proven by the signature. */
export function siteUrlVariants(url: string): readonly string[] {
  const rest = parts.exec(url)?.[1]
  if (rest === undefined) return [url]
  return ['https://', 'https://www.', 'http://', 'http://www.'].map((start) => `${start}${rest}`)
}
