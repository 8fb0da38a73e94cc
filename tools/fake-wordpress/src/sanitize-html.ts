const titleTags = new Set('a abbr acronym b blockquote cite code del em i q s strike strong'.split(' '))

const bodyTags = new Set(
  `address a abbr acronym area article aside audio b bdo big blockquote br button caption cite code col colgroup del dd dfn
  details div dl dt em fieldset figure figcaption font footer h1 h2 h3 h4 h5 h6 header hgroup hr i img ins kbd label legend
  li main map mark menu nav object p pre q rb rp rt rtc ruby s samp span section small strike strong sub summary sup table
  tbody td textarea tfoot th thead title tr track tt u ul ol var video`.split(/\s+/),
)

const attributes = new Set(
  `class id style title role dir lang xml:lang href rel rev name target download src alt height width align border hspace vspace
  usemap loading longdesc srcset sizes cite datetime value type start reversed colspan rowspan scope headers abbr axis span
  valign char charoff bgcolor nowrap cellpadding cellspacing rules summary frame controls autoplay loop muted poster preload
  playsinline open disabled for cols rows readonly color face size shape coords nohref kind label srclang default hidden
  tabindex xml:lang compact clear`.split(/\s+/),
)

/** Near enough to WordPress's kses for what posts hold: tags and attributes that are not allowed go, the text between them stays. */
export function sanitizeHtml(html: string, kind: 'title' | 'body'): string {
  const allowed = kind === 'title' ? titleTags : bodyTags
  const commentsStay = kind === 'body'
  return html.replaceAll(
    /<!--[\s\S]*?-->|<\s*\/?\s*([a-zA-Z][a-zA-Z\d-]*)((?:[^>"']|"[^"]*"|'[^']*')*)>|[<>]|&(?!(?:[a-zA-Z][a-zA-Z\d]{1,30}|#\d{1,7}|#[xX][\da-fA-F]{1,6});)|[^<>&]+/g,
    (part, tag: string | undefined, rest: string | undefined) => {
      if (part.startsWith('<!--')) return commentsStay ? part : ''
      if (part === '&') return '&amp;'
      if (part === '<') return '&lt;'
      if (part === '>') return '&gt;'
      if (tag === undefined) return part
      if (!allowed.has(tag.toLowerCase())) return ''
      return /^<\s*\//.test(part) ? `</${tag}>` : openTag(tag, rest ?? '')
    },
  )
}

function openTag(tag: string, rest: string): string {
  const kept: string[] = []
  for (const [, name = '', double, single, bare] of rest.matchAll(
    /([a-zA-Z][\w:-]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g,
  )) {
    const key = name.toLowerCase()
    if (!attributes.has(key) && !/^(?:data|aria)-/.test(key)) continue
    const value = double ?? single ?? bare
    kept.push(
      value === undefined
        ? ` ${name}`
        : ` ${name}="${/^\s*javascript:/i.test(value) ? value.replace(/^\s*javascript:/i, '') : value}"`,
    )
  }
  return `<${tag}${kept.join('')}${/\/\s*$/.test(rest) ? ' /' : ''}>`
}

/** WordPress's `sanitize_text_field`: one line of plain text. */
export function sanitizeTextField(text: string): string {
  let plain = text
  if (plain.includes('<')) {
    plain = plain
      .replaceAll(/<(script|style)[^>]*>[\s\S]*?<\/\1>/gi, '')
      .replaceAll(/<\/?[a-zA-Z!][^>]*>?/g, '')
      .replaceAll('<', '&lt;')
  }
  plain = plain.replaceAll(/[\r\n\t ]+/g, ' ').trim()
  const withoutOctets = plain.replaceAll(/%[a-f\d]{2}/gi, '')
  return withoutOctets === plain ? plain : withoutOctets.replaceAll(/ +/g, ' ').trim()
}

/** Names of terms are stored escaped. */
export function sanitizeTermName(name: string): string {
  return sanitizeTextField(name)
    .replaceAll(/&(?!(?:[a-zA-Z][a-zA-Z\d]{1,30}|#\d{1,7}|#[xX][\da-fA-F]{1,6});)/g, '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
}
