/**
 * The style of all pages. The custom properties on `:root` are the theme; every color is one of them, so that a test
 * can compute the contrast of each pair in both schemes.
 */
export const stylesheet = `
:root {
  color-scheme: light dark;
  --font: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace;
  --radius: 10px;
  --ground: #f3f5f8;
  --surface: #ffffff;
  --text: #171b24;
  --muted: #555e6e;
  --line: #dde1e8;
  --field-line: #7c8696;
  --accent: #2350cf;
  --on-accent: #ffffff;
  --logo-ground: #ffffff;
  --warn-ground: #fff6e0;
  --warn-line: #e5c675;
  --warn-text: #624200;
  --error-ground: #fdeeec;
  --error-line: #eeb4ae;
  --error-text: #8f1d16;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0e1116;
    --surface: #171b22;
    --text: #e9ecf2;
    --muted: #a5aebd;
    --line: #2d343f;
    --field-line: #77818f;
    --accent: #93b1ff;
    --on-accent: #0c1630;
  --logo-ground: #eef1f6;
    --warn-ground: #2a2312;
    --warn-line: #5c4a1c;
    --warn-text: #f2d394;
    --error-ground: #351917;
    --error-line: #6d3330;
    --error-text: #ffb9b1;
  }
}
* { box-sizing: border-box }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100% }
body {
  margin: 0;
  min-height: 100vh;
  min-height: 100dvh;
  display: flex;
  padding: 2rem 1rem 4rem;
  background: var(--ground);
  color: var(--text);
  font: 1rem/1.5 var(--font);
  overflow-wrap: anywhere;
}
main {
  width: 100%;
  max-width: 28rem;
  margin: auto;
  padding: 2rem;
  background: var(--surface);
  border: 1px solid var(--line);
  border-radius: calc(var(--radius) * 1.6);
  box-shadow: 0 1px 2px rgb(0 0 0 / .04), 0 12px 32px rgb(0 0 0 / .06);
}
main.wide { max-width: 44rem }
h1 { margin: 0 0 .5rem; font-size: 1.375rem; font-weight: 650; line-height: 1.3; letter-spacing: -.01em; text-wrap: balance }
h2 { margin: 2rem 0 .5rem; font-size: 1.0625rem; line-height: 1.35 }
p { margin: 0 0 1rem }
main > :last-child { margin-bottom: 0 }
a { color: var(--accent); text-underline-offset: .15em }
ul { margin: 0 0 1rem; padding-left: 1.25rem }
code, .host { font-family: var(--mono); font-size: .925em }
pre {
  margin: 0 0 1rem;
  padding: .875rem 1rem;
  background: var(--ground);
  border: 1px solid var(--line);
  border-radius: var(--radius);
  font: .875rem/1.55 var(--mono);
  white-space: pre-wrap;
}
pre code { font-size: inherit }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
.muted { color: var(--muted); font-size: .9375rem }
.product { display: flex; align-items: center; gap: .625rem; margin: 0 0 1.75rem; font-size: .9375rem; font-weight: 600 }
.mark {
  flex: none;
  display: grid;
  place-items: center;
  width: 1.875rem;
  height: 1.875rem;
  border-radius: calc(var(--radius) * .8);
  background: var(--accent);
  color: var(--on-accent);
  font-weight: 700;
  line-height: 1;
}
.request { font-size: 1.125rem; font-weight: 500; line-height: 1.4; letter-spacing: 0 }
.request .clamp { font-size: 1.625rem; font-weight: 700; line-height: 1.35; letter-spacing: -.015em }
.clamp { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden }
.notice {
  display: flex;
  gap: .75rem;
  margin: 0 0 1.25rem;
  padding: .75rem 1rem .75rem .875rem;
  border: 1px solid var(--line);
  border-radius: var(--radius);
  background: var(--ground);
  font-size: .9375rem;
}
.notice.warn { border-color: var(--warn-line); background: var(--warn-ground); color: var(--warn-text) }
.notice.error { border-color: var(--error-line); background: var(--error-ground); color: var(--error-text) }
.notice svg { flex: none; width: 1.25rem; height: 1.25rem; margin-top: .0625rem; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round }
.notice div { min-width: 0 }
.notice p { margin: 0 }
.notice p + p { margin-top: .5rem }
.notice strong { display: block }
.field { margin: 0 0 1.125rem }
.field label { display: block; margin: 0 0 .375rem; font-size: .9375rem; font-weight: 600 }
.field input {
  display: block;
  width: 100%;
  min-height: 2.875rem;
  padding: .5rem .75rem;
  font: inherit;
  color: var(--text);
  background: var(--surface);
  border: 1px solid var(--field-line);
  border-radius: var(--radius);
}
.field input:focus-visible { border-color: var(--accent); outline-offset: 0 }
.field input[aria-invalid] { border-color: var(--error-text) }
input.code { font-family: var(--mono); font-size: 1.375rem; letter-spacing: .12em; text-align: center; text-transform: uppercase }
.field .muted { margin: .375rem 0 0 }
fieldset { min-width: 0; margin: 0 0 1rem; padding: 0; border: 0 }
legend { padding: 0; margin: 0 0 .5rem; font-weight: 600 }
.scopes { list-style: none; margin: 0; padding: 0; border: 1px solid var(--line); border-radius: var(--radius) }
.scopes li + li { border-top: 1px solid var(--line) }
.scopes label { display: flex; gap: .75rem; padding: .625rem .875rem; cursor: pointer }
.scopes input { flex: none; width: 1.25rem; height: 1.25rem; margin: .125rem 0 0; accent-color: var(--accent); cursor: pointer }
.scopes span { min-width: 0 }
.scopes .badge { flex: none; align-self: start; margin-left: auto }
.facts { margin: 1.25rem 0 0; padding: 1rem 0 0; border-top: 1px solid var(--line); font-size: .9375rem }
.facts div { display: flex; flex-wrap: wrap; column-gap: 1rem }
.facts div + div { margin-top: .5rem }
.facts dt { flex: 0 0 8.5rem; color: var(--muted) }
.facts dd { flex: 1 1 12rem; min-width: 0; margin: 0 }
.facts .host { font-weight: 600 }
button {
  min-height: 2.875rem;
  padding: .5rem 1.125rem;
  font: inherit;
  font-weight: 600;
  color: var(--text);
  background: var(--surface);
  border: 1px solid var(--field-line);
  border-radius: var(--radius);
  cursor: pointer;
}
button:hover { background: var(--ground) }
.primary { color: var(--on-accent); background: var(--accent); border-color: var(--accent) }
.primary:hover { background: color-mix(in srgb, var(--accent) 88%, var(--text)) }
.actions { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1.5rem 0 0 }
.actions button { flex: 1 1 8rem }
.or { display: flex; align-items: center; gap: .75rem; margin: 1.5rem 0; color: var(--muted); font-size: .9375rem }
.or::before, .or::after { content: ""; flex: 1; border-top: 1px solid var(--line) }
.provider { display: flex; align-items: center; justify-content: center; gap: .75rem; width: 100% }
.provider + .provider { margin-top: .75rem }
.provider img { flex: none; width: 1.625rem; height: 1.625rem; padding: .1875rem; border-radius: .375rem; background: var(--logo-ground); object-fit: contain }
.provider span { min-width: 0 }
.provider .letter { flex: none; display: grid; place-items: center; width: 1.625rem; height: 1.625rem; border-radius: .375rem; background: var(--muted); color: var(--surface); font-size: .875rem; font-weight: 700; line-height: 1 }
.connected { display: flex; flex-wrap: wrap; gap: 1rem; margin: 0 0 1rem; padding: 1.25rem; border: 1px solid var(--line); border-radius: var(--radius) }
.connected > div { flex: 1 1 16rem; min-width: 0 }
.connected h2 { margin: 0 }
.connected .muted { margin: .125rem 0 .5rem }
.connected ul { margin: 0 }
.badge { padding: .0625rem .5rem; border: 1px solid var(--warn-line); border-radius: 99px; background: var(--warn-ground); color: var(--warn-text); font-size: .8125rem; font-weight: 600; white-space: nowrap }
.aside { margin: 1.25rem 0 0; padding-top: 1rem; border-top: 1px solid var(--line) }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
@media (max-width: 30rem) {
  body { padding: 0; background: var(--surface) }
  main { margin: 0 auto; padding: 1.5rem 1.25rem 2.5rem; border: 0; border-radius: 0; box-shadow: none }
}
`
