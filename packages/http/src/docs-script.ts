/** As much of the browser as the page uses; our packages know no DOM. */
export interface DocsElement {
  readonly name: string
  readonly elements: Iterable<DocsElement>
  readonly dataset: Readonly<Record<string, string | undefined>>
  value: string
  hidden: boolean
  open: boolean
  textContent: string | null
  onclick: (() => void) | null
  querySelector(selector: string): DocsElement | null
  querySelectorAll(selector: string): Iterable<DocsElement>
  append(text: string): void
  addEventListener(
    type: string,
    listener: (event: { readonly target: DocsElement; preventDefault(): void }) => void,
  ): void
}

export interface DocsWindow {
  readonly document: DocsElement & { getElementById(id: string): DocsElement | null }
  readonly location: { readonly pathname: string; readonly hash: string }
  fetch(url: string, init: RequestInit): Promise<Response>
  addEventListener(type: string, listener: () => void): void
}

/**
 * What the page of the API does in a browser. It is sent there as text: it must stand alone, use nothing from outside of itself, and write only text, never markup.
 * The key stays in its field, and goes nowhere but into the header of a request.
 */
export function runDocsPage(window: DocsWindow): void {
  const { document, location } = window
  const base = location.pathname.replace(/\/docs\/$/, '')
  const key = document.getElementById('key')
  const filter = document.getElementById('filter')

  function requestOf(form: DocsElement): { readonly url: string; readonly init: RequestInit } {
    let path = form.dataset.path ?? ''
    const query = new URLSearchParams()
    const headers = new Headers()
    if (key?.value) headers.set('authorization', `Bearer ${key.value}`)
    let body: string | undefined
    for (const field of form.elements) {
      const { value, dataset } = field
      const name = dataset.name ?? ''
      if (dataset.in === 'path') path = path.replace(`{${name}}`, encodeURIComponent(value))
      if (value === '') continue
      if (dataset.in === 'query') query.set(name, value)
      if (dataset.in === 'header') headers.set(name, value)
      if (dataset.in === 'body') body = value
    }
    if (body !== undefined) headers.set('content-type', 'application/json')
    const search = query.size === 0 ? '' : `?${query}`
    const method = form.dataset.method ?? 'GET'
    return { url: `${base}${path}${search}`, init: { method, headers, ...(body === undefined ? {} : { body }) } }
  }

  async function show(answer: Response, output: DocsElement): Promise<void> {
    const told = ['etag', 'location', 'retry-after', 'idempotency-replayed'].filter((name) => answer.headers.has(name))
    const lines = [
      `${answer.status} ${answer.statusText}`,
      ...told.map((name) => `${name}: ${answer.headers.get(name)}`),
    ]
    output.textContent = `${lines.join('\n')}\n\n`
    if (answer.headers.get('content-type')?.includes('json')) {
      output.append(JSON.stringify(await answer.json(), null, 2))
      return
    }
    // Events are shown as they come.
    const decoder = new TextDecoder()
    const reader = answer.body?.getReader()
    for (let piece = await reader?.read(); piece !== undefined && !piece.done; piece = await reader?.read())
      output.append(decoder.decode(piece.value, { stream: true }))
  }

  async function send(form: DocsElement): Promise<void> {
    const output = form.querySelector('output')
    const stop = form.querySelector('[data-stop]')
    if (output === null || stop === null) return
    const stopping = new AbortController()
    stop.onclick = () => stopping.abort()
    stop.hidden = false
    output.textContent = '…'
    try {
      const { url, init } = requestOf(form)
      await show(await window.fetch(url, { ...init, signal: stopping.signal }), output)
    } catch (error) {
      output.append(`\n${stopping.signal.aborted ? 'Stopped.' : String(error)}`)
    }
    stop.hidden = true
  }

  function openNamed(): void {
    const named = document.getElementById(location.hash.slice(1))
    if (named !== null) named.open = true
  }

  document.addEventListener('submit', (event) => {
    event.preventDefault()
    void send(event.target)
  })
  filter?.addEventListener('input', () => {
    const words = filter.value.toLowerCase().split(/\s+/)
    for (const section of document.querySelectorAll('section')) {
      let isEmpty = true
      for (const operation of section.querySelectorAll('details[id]')) {
        const text = operation.dataset.text ?? ''
        operation.hidden = !words.every((word) => text.includes(word))
        if (!operation.hidden) isEmpty = false
      }
      section.hidden = isEmpty
    }
  })
  window.addEventListener('hashchange', openNamed)
  openNamed()
}
