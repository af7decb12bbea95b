/** The style of all pages. Its custom properties are the theme. */
export const stylesheet = `
:root { color-scheme: light dark; --accent: #2f5bea; --surface: #fff; --ground: #f3f4f7; --text: #1b1f2a; --muted: #5b6272; --line: #d9dce4; --warn: #8a5a00; --warn-ground: #fff6e0; --error: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --accent: #8aa6ff; --surface: #1c2029; --ground: #12151b; --text: #eceef4; --muted: #a2a9b8; --line: #343a48; --warn: #f0c674; --warn-ground: #2e2714; --error: #ff8a80; } }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.25rem; background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif }
main { width: 100%; max-width: 26rem; background: var(--surface); border: 1px solid var(--line); border-radius: 14px; padding: 2rem 1.75rem }
main.wide { max-width: 44rem }
h1 { font-size: 1.35rem; line-height: 1.25; margin: 0 0 .5rem; overflow-wrap: anywhere }
h2 { font-size: 1rem; margin: 1.75rem 0 .5rem }
p { margin: 0 0 1rem } .muted { color: var(--muted); font-size: .9rem } .product { color: var(--muted); font-weight: 600; font-size: .85rem; letter-spacing: .02em; margin-bottom: 1.25rem }
label { display: block; font-weight: 600; margin: 0 0 1rem } label input { display: block; width: 100%; margin-top: .3rem }
input[type=text], input[type=password] { font: inherit; padding: .6rem .7rem; border: 1px solid var(--line); border-radius: 8px; background: var(--ground); color: var(--text) }
button { font: inherit; font-weight: 600; padding: .65rem 1rem; border-radius: 8px; border: 1px solid var(--line); background: transparent; color: var(--text); cursor: pointer }
button.primary { background: var(--accent); border-color: var(--accent); color: var(--surface) }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
.actions { display: flex; gap: .75rem; margin-top: 1.5rem } .actions button { flex: 1 }
ul.scopes { list-style: none; padding: 0; margin: 0 0 1rem; border: 1px solid var(--line); border-radius: 10px } ul.scopes li + li { border-top: 1px solid var(--line) }
ul.scopes label { display: flex; gap: .75rem; font-weight: 400; margin: 0; padding: .7rem .9rem; cursor: pointer } ul.scopes input { width: 1.15rem; height: 1.15rem; margin: .15rem 0 0; flex: none; accent-color: var(--accent) }
pre { overflow-x: auto; padding: .9rem; border: 1px solid var(--line); border-radius: 10px; background: var(--ground); font-size: .85rem }
a { color: var(--accent) }
code, .host { font-family: ui-monospace, monospace; font-size: .92em; overflow-wrap: anywhere }
.note { border-radius: 10px; padding: .75rem .9rem; margin: 0 0 1rem; font-size: .92rem; background: var(--warn-ground); color: var(--warn) }
.error { color: var(--error); font-weight: 600 }
`
