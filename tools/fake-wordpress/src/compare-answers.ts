/** An answer of either site, as far as it is compared. */
export interface ComparedAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

/** What the fake does not model, or only roughly. */
const passedOver = new Set(
  `permalink_template generated_slug _links rendered guid class_list routes media_details missing_image_sizes filename filesize exif_orientation
  image_output_format image_save_progressive image_quality block_version labels icon visibility viewable has_archive
  template_lock capabilities show_cloud description_type avatar_urls extra_capabilities registered_date url first_name
  last_name locale nickname meta.persisted_preferences json_error_message`.split(/\s+/),
)

const comparedHeaders = ['allow', 'x-wp-total', 'x-wp-totalpages', 'location', 'content-type']
const time = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/
/** The fake's clock follows the real one's from answer to answer. */
const toleranceMs = 3_000

/** Where two answers differ, a line each. */
export function compareAnswers(real: ComparedAnswer, fake: ComparedAnswer): readonly string[] {
  const found: string[] = []
  if (real.status !== fake.status) found.push(`status: ${real.status} is really, ${fake.status} on the fake`)
  for (const name of comparedHeaders) compareValues(real.headers[name], fake.headers[name], name, found)
  compareValues(real.body, fake.body, 'body', found)
  return found
}

function compareValues(real: unknown, fake: unknown, path: string, found: string[]): void {
  if (real === fake) return
  if (typeof real === 'string' && typeof fake === 'string' && time.test(real) && time.test(fake)) {
    if (Math.abs(Date.parse(`${real}Z`) - Date.parse(`${fake}Z`)) <= toleranceMs) return
  }
  if (Array.isArray(real) && Array.isArray(fake) && real.length === fake.length) {
    for (const [index, value] of real.entries()) compareValues(value, fake[index], `${path}[${index}]`, found)
    return
  }
  if (isMap(real) && isMap(fake)) {
    for (const name of new Set([...Object.keys(real), ...Object.keys(fake)])) {
      if (!passedOver.has(name)) compareValues(real[name], fake[name], `${path}.${name}`, found)
    }
    return
  }
  found.push(`${path}: ${show(real)} is really, ${show(fake)} on the fake`)
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function show(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 400)
}
