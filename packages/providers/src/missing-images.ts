/** What to tell of images that were asked for and did not come. */
export function missingImages(vendor: string, missing: number): string[] {
  return Array.from({ length: Math.max(0, missing) }, () => `${vendor} sent fewer images than it was asked for.`)
}
