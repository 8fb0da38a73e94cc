/** The look of the page of the API. Colours keep a contrast of 4.5 in the light and in the dark. */
export const docsStyle = `
:root { color-scheme: light dark; --text: light-dark(#1b1f24, #e6e8eb); --soft: light-dark(#57606a, #a3adb8); --line: light-dark(#d0d7de, #3a424b);
  --page: light-dark(#fff, #14181d); --field: light-dark(#f6f8fa, #1d232a); --accent: light-dark(#0550ae, #7ab7ff); }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 62rem; padding: 1rem; background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif }
[hidden] { display: none !important }
a { color: var(--accent) }
p, .soft { color: var(--soft) }
pre, code, output, textarea, .path { font-family: ui-monospace, monospace; font-size: .875rem }
pre, output { display: block; margin: .25rem 0; padding: .75rem; border-radius: .375rem; background: var(--field); overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere }
output:empty { display: none }
details[id] { border: 1px solid var(--line); border-radius: .375rem; margin: .5rem 0 }
summary { cursor: pointer; padding: .5rem .75rem; overflow-wrap: anywhere }
details > form { padding: 0 .75rem .75rem }
.method { display: inline-block; min-width: 4.5em; font-weight: 700; color: var(--accent) }
label { display: block; margin: .5rem 0 }
label > span { display: block }
input, select, textarea { width: 100%; padding: .375rem .5rem; border: 1px solid var(--soft); border-radius: .25rem; background: var(--field); color: inherit; font-size: .875rem }
textarea { min-height: 9rem }
button { padding: .375rem 1rem; border: 1px solid var(--accent); border-radius: .25rem; background: var(--page); color: var(--accent); font: inherit; cursor: pointer }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
.bar { position: sticky; top: 0; background: var(--page); border-bottom: 1px solid var(--line); display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; padding: .25rem 0; z-index: 1 }
summary, details[id] { scroll-margin-top: 6rem }
`
