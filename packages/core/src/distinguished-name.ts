import { readDer } from './read-der.ts'
import type { DerValue } from './read-der.ts'

// RFC 4514 §3. An attribute that is not among them is not read: its place in the text would be a guess.
const attributes: ReadonlyMap<string, string> = new Map([
  ['550403', 'CN'],
  ['550406', 'C'],
  ['550407', 'L'],
  ['550408', 'ST'],
  ['550409', 'STREET'],
  ['55040a', 'O'],
  ['55040b', 'OU'],
  ['0992268993f22c640119', 'DC'],
  ['0992268993f22c640101', 'UID'],
])
// UTF8String, PrintableString and IA5String.
const textKinds = new Set([0x0c, 0x13, 0x16])

/**
 * A distinguished name as text, the most specific part first; `undefined` when it is empty or has a part that is not read.
 *
 * @see [RFC 4514 §2 - Converting DistinguishedName from ASN.1 to a String](https://www.rfc-editor.org/rfc/rfc4514.html#section-2)
 */
export function distinguishedName(name: DerValue): string | undefined {
  const parts = readDer(name.content)?.map((part) => relativeName(part))
  if (parts === undefined || parts.length === 0 || parts.includes(undefined)) return undefined
  return parts.toReversed().join(',')
}

function relativeName({ content }: DerValue): string | undefined {
  const pairs = readDer(content)?.map((pair) => attribute(pair))
  return pairs === undefined || pairs.length === 0 || pairs.includes(undefined) ? undefined : pairs.join('+')
}

function attribute({ content }: DerValue): string | undefined {
  const [type, value] = readDer(content) ?? []
  const id = [...(type?.content ?? [])].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  const name = attributes.get(id)
  if (name === undefined || value === undefined || !textKinds.has(value.kind)) return undefined
  try {
    return `${name}=${escape(new TextDecoder('utf-8', { fatal: true }).decode(value.content))}`
  } catch {
    return undefined
  }
}

// RFC 4514 §2.4: what would otherwise look like another part of the name.
function escape(text: string): string {
  return text
    .replaceAll(/[",;<>+\\]/g, '\\$&')
    .replaceAll('\0', '\\00')
    .replace(/^[ #]/, '\\$&')
    .replace(/ $/, '\\ ')
}
