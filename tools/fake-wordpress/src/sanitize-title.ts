const accents: Readonly<Record<string, string>> = {
  ...{ '£': '', ª: 'a', º: 'o', Æ: 'AE', Ð: 'D', Ø: 'O', Þ: 'TH', ß: 's', æ: 'ae', ð: 'd', ø: 'o', þ: 'th', Đ: 'D' },
  ...{ đ: 'd', Ħ: 'H', ħ: 'h', ı: 'i', Ĳ: 'IJ', ĳ: 'ij', ĸ: 'k', Ŀ: 'L', ŀ: 'l', Ł: 'L', ł: 'l', ŉ: 'n', Ŋ: 'N' },
  ...{ ŋ: 'n', Œ: 'OE', œ: 'oe', Ŧ: 'T', ŧ: 't', ſ: 's', Ə: 'E', ǝ: 'e', ɑ: 'a', '€': 'E' },
}

/** Latin letters whose accents WordPress takes away: western, central and Vietnamese ones. */
const accented = /[À-ſƠơƯưǍ-ǜȘ-țẠ-ỹ]/u

/** WordPress's `remove_accents`. */
export function removeAccents(text: string): string {
  if (isAscii(text)) return text
  let plain = ''
  for (const character of text.normalize('NFC')) {
    if (Object.hasOwn(accents, character)) plain += accents[character]
    else if (accented.test(character)) plain += character.normalize('NFD').replaceAll(/[\u0300-\u036f]/g, '')
    else plain += character
  }
  return plain
}

const dashes =
  /%c2%a0|%e2%80%93|%e2%80%94|&nbsp;|&#160;|&ndash;|&#8211;|&mdash;|&#8212;|\/|%e2%80%8[0-9a]|%e2%80%a[89f]/g
const dropped = new RegExp(
  [
    '%c2%ad|%c2%a1|%c2%bf|%c2%ab|%c2%bb|%e2%80%b9|%e2%80%ba|%e2%80%9[89a-f]|%e2%80%a2|%c2%a9|%c2%ae|%c2%b0|%e2%80%a6',
    '|%e2%84%a2|%c2%b4|%cb%8a|%cc%81|%cd%81|%cc%80|%cc%84|%cc%8c|%e2%80%8[b-f]|%e2%80%a[a-e]|%ef%bb%bf|%ef%bf%bc',
  ].join(''),
  'g',
)

/** WordPress's `sanitize_title`: the slug that a title or a wanted slug becomes. */
export function sanitizeTitle(title: string): string {
  if (/^[a-z\d]+(?:-[a-z\d]+)*$/.test(title)) return title.slice(0, 200)
  let slug = removeAccents(title).replaceAll(/<[^>]*>?/g, '')
  slug = slug
    .replaceAll(/%([a-f\d]{2})/gi, '---$1---')
    .replaceAll('%', '')
    .replaceAll(/---([a-f\d]{2})---/gi, '%$1')
  slug = encodeUtf8(slug.toLowerCase(), 200).toLowerCase()
  slug = slug.replaceAll(dashes, '-').replaceAll(dropped, '').replaceAll('%c3%97', 'x')
  slug = slug.replaceAll(/&.+?;/g, '').replaceAll('.', '-')
  return slug
    .replaceAll(/[^%a-z\d _-]/g, '')
    .replaceAll(/\s+/g, '-')
    .replaceAll(/-+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
}

/** WordPress's `_truncate_post_slug`. */
export function truncateSlug(slug: string, length: number): string {
  if (slug.length <= length) return slug
  const decoded = decodeSlug(slug)
  const cut = decoded === slug ? slug.slice(0, length) : encodeUtf8(decoded, length)
  return cut.replace(/-+$/, '')
}

/** Percent-encodes what is not ASCII, whole characters only, up to a length. */
function encodeUtf8(text: string, length: number): string {
  if (isAscii(text)) return text.slice(0, length)
  let encoded = ''
  for (const character of text) {
    const next = character.charCodeAt(0) < 128 ? character : encodeURIComponent(character.toWellFormed()).toLowerCase()
    if (encoded.length + next.length > length) break
    encoded += next
  }
  return encoded
}

function decodeSlug(slug: string): string {
  try {
    return decodeURIComponent(slug)
  } catch {
    return slug
  }
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 127) return false
  return true
}
