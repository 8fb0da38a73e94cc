import type { SeedRandom } from './seed-random.ts'

/** Where a picture goes; the PHP side puts the attachment's id and address in. */
const mediaId = (media: number) => `@@media-id:${media}@@`
const mediaUrl = (media: number) => `@@media-url:${media}@@`

const sentences = [
  'The harbour wakes before the town does, and the first ferry leaves at ten past five.',
  'Three things decide whether a plan survives: the weather, the budget and whoever reads it last.',
  'She wrote “see you at 5 &lt; 6” on the wall, and nobody asked what it meant.',
  'Prices rose by 4 % in March &amp; fell by 3 % in April; the sum is not 1 %.',
  'It’s the sort of place where a “quick coffee” takes an hour — and should.',
  'Nothing here is new, <strong>but the order is</strong>, and order is <em>most of the work</em>.',
  'Read the <a href="https://example.org/?a=1&amp;b=2#part">first part</a> before you go on.',
  'Use <code>npm run build &amp;&amp; npm test</code> and wait for the second line.',
  'Les œuvres complètes coûtent 25 €, naïveté comprise.',
  'بدأت الرحلة في الصباح الباكر ولم تنته حتى المساء.',
  'השוק נפתח בשבע, ובשמונה כבר אין מה לקנות.',
  '次の電車は三番線から出ます。',
  'Bring water 💧, a map 🗺️ and somebody who laughs 👩‍👩‍👧‍👦.',
] as const

const paragraphText = (random: SeedRandom) => random.sample(sentences, random.integer(2, 5)).join(' ')
const paragraph = (random: SeedRandom) =>
  `<!-- wp:paragraph -->\n<p>${paragraphText(random)}</p>\n<!-- /wp:paragraph -->`

type Block = (random: SeedRandom, mediaCount: number) => string

/** One block of each sort that has broken a converter before, as the editor of WordPress saves it. */
const blocks: readonly [Block, ...Block[]] = [
  paragraph,
  paragraph,
  (random) => {
    const level = random.integer(2, 4)
    const attributes = level === 2 ? '' : ` {"level":${level}}`
    const text = random.pick(['What we found', 'A heading — with a dash', 'R&amp;D, “quoted”', 'Étape n° 2'])
    return `<!-- wp:heading${attributes} -->\n<h${level} class="wp-block-heading">${text}</h${level}>\n<!-- /wp:heading -->`
  },
  () => `<!-- wp:list -->
<ul class="wp-block-list"><!-- wp:list-item -->
<li>One</li>
<!-- /wp:list-item -->

<!-- wp:list-item -->
<li>Two 🎉<!-- wp:list {"ordered":true} -->
<ol class="wp-block-list"><!-- wp:list-item -->
<li>Two and a half</li>
<!-- /wp:list-item --></ol>
<!-- /wp:list --></li>
<!-- /wp:list-item --></ul>
<!-- /wp:list -->`,
  (random) => `<!-- wp:quote -->
<blockquote class="wp-block-quote">${paragraph(random)}<cite>Somebody, 1987</cite></blockquote>
<!-- /wp:quote -->`,
  (random) => `<!-- wp:columns -->
<div class="wp-block-columns"><!-- wp:column {"width":"33.33%"} -->
<div class="wp-block-column" style="flex-basis:33.33%">${paragraph(random)}</div>
<!-- /wp:column -->

<!-- wp:column {"width":"66.66%"} -->
<div class="wp-block-column" style="flex-basis:66.66%">${paragraph(random)}</div>
<!-- /wp:column --></div>
<!-- /wp:columns -->`,
  (random, mediaCount) => {
    if (mediaCount === 0) return paragraph(random)
    const media = random.integer(0, mediaCount - 1)
    const id = mediaId(media)
    return `<!-- wp:image {"id":${id},"sizeSlug":"large","linkDestination":"none"} -->
<figure class="wp-block-image size-large"><img src="${mediaUrl(media)}" alt="Picture &amp; words" class="wp-image-${id}"/><figcaption class="wp-element-caption">Seen from <em>above</em></figcaption></figure>
<!-- /wp:image -->`
  },
  () => `<!-- wp:table -->
<figure class="wp-block-table"><table class="has-fixed-layout"><thead><tr><th>Item</th><th>العدد</th></tr></thead><tbody><tr><td>Pens</td><td>١٢</td></tr><tr><td>Ink &amp; paper</td><td>7</td></tr></tbody></table></figure>
<!-- /wp:table -->`,
  () => `<!-- wp:code -->
<pre class="wp-block-code"><code>if (a &lt; b &amp;&amp; c) { print("\\n\\t\\"C:\\\\temp\\""); } // 100% $done {{x}}</code></pre>
<!-- /wp:code -->`,
  (
    random,
  ) => `<!-- wp:group {"metadata":{"name":"a \\u0026 b \\u003c c \\u002d\\u002d d"},"style":{"spacing":{"padding":{"top":"var:preset|spacing|40"}}},"layout":{"type":"constrained"}} -->
<div class="wp-block-group" style="padding-top:var(--wp--preset--spacing--40)"><!-- wp:group {"layout":{"type":"flex","flexWrap":"nowrap"}} -->
<div class="wp-block-group">${paragraph(random)}</div>
<!-- /wp:group --></div>
<!-- /wp:group -->`,
  (random) =>
    `<!-- wp:shortcode -->\n[gallery ids="${random.integer(1, 9)},${random.integer(1, 9)}" caption='it\\'s' note="a > b"]\n<!-- /wp:shortcode -->`,
  () =>
    `<!-- wp:html -->\n<!-- a comment of one's own -->\n<div data-settings='{"a":1,"b":"<i>"}'>raw</div>\n<!-- /wp:html -->`,
  () => '<!-- wp:separator -->\n<hr class="wp-block-separator has-alpha-channel-opacity"/>\n<!-- /wp:separator -->',
  () => '<!-- wp:latest-posts {"postsToShow":3,"displayPostDate":true} /-->',
  () =>
    '<!-- wp:acme/notice {"text":"\\u003cb\\u003eBold\\u003c/b\\u003e \\u0026 more","deep":{"list":[1,2,{"on":true}]}} /-->',
]

/** Content of a post: a few blocks, or now and then the plain paragraphs of the time before blocks. */
export function writeSeedContent(random: SeedRandom, mediaCount: number): string {
  if (random.integer(1, 25) === 1)
    return `${paragraphText(random)}\n\n${paragraphText(random)}\n<!--more-->\n[caption]x[/caption]`
  const count = random.integer(3, 9)
  return Array.from({ length: count }, () => random.pick(blocks)(random, mediaCount)).join('\n\n')
}

const titles = [
  'A morning in the harbour',
  '“Quoted” thoughts on "straight" quotes',
  "It’s about R&D — and it's late",
  'Why 5 < 6 and 7 > 2',
  'Emoji 🚢🎉 on board',
  'مرحبا بالعالم',
  'שלום עולם',
  '東京の朝',
  'Back\\slash and 100% of it',
  'Tom & Jerry &amp; an entity',
  '<b>Bold</b> from the start',
  'Naïve café, œuvre complète',
  'Plain words',
] as const

/** Title number `number` of a kind: with what breaks mappers, and unlike any other. */
export function writeSeedTitle(kind: string, number: number): string {
  const title = titles[number % titles.length] ?? titles[0]
  return `${title}, ${kind} ${number}`
}

/** A summary for every third; the others have none, as most posts do. */
export function writeSeedExcerpt(number: number): string {
  return number % 3 === 0 ? `In short: number ${number} & “that” is <em>all</em>.` : ''
}
