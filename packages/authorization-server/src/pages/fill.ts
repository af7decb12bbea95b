import { html } from './html.ts'
import type { Html } from './html.ts'

/** Fills the parts of a message with markup. Its own text is escaped; a part that is not given stays as it is written. */
export function fill(message: string, parts: Readonly<Record<string, Html>>): Html {
  const pieces = message.split(/(\{\w+\})/).map((piece) => {
    const name = /^\{(\w+)\}$/.exec(piece)?.[1]
    return (name === undefined ? undefined : parts[name]) ?? html`${piece}`
  })
  return html`${pieces}`
}

/** Fills the parts of a message with texts, for where no markup may stand. */
export function fillText(message: string, parts: Readonly<Record<string, string>>): string {
  return message.replaceAll(/\{(\w+)\}/g, (part, name: string) => parts[name] ?? part)
}

/** A text from outside, alone in an element, so that it cannot turn the direction of what stands around it. */
export function isolated(text: string): Html {
  return html`<bdi>${text}</bdi>`
}
