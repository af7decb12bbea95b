import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { thrownErrors } from './thrown-errors.mjs'

const introduction = `---
editLink: false
---

# Every message

Each message that the packages throw when something is configured wrongly, and each \`error_description\` that a client may be sent, read from the sources. \`…\` stands for what is known only then: a name, a value, a limit. Search for a part of the message without it.

The messages say what to mend. [The error reference](./errors) says what each code means, and [Troubleshooting](../guide/troubleshooting) begins with what you see.
`

/**
 * The page of all messages, as Markdown.
 *
 * @param {string} packages the folder of the packages
 */
export function messagesPage(packages) {
  const thrown = readdirSync(packages, { withFileTypes: true })
    .filter(({ name }) => existsSync(join(packages, name, 'package.json')))
    .map(({ name }) => ({ path: join(packages, name), ...manifestOf(join(packages, name)) }))
    .filter(({ private: internal }) => internal !== true)
    .map(({ name, path }) => ({
      name,
      errors: thrownErrors(join(path, 'src')).filter(({ message }) => isText(message)),
    }))
  const misconfigurations = thrown
    .map(({ name, errors }) => ({
      name,
      messages: messagesOf(errors, ({ error }) => /^(?:Type|Range)Error$/.test(error)),
    }))
    .filter(({ messages }) => messages.length > 0)
  const protocol = thrown.flatMap(({ errors }) =>
    errors.filter(({ error }) => /^(?:OAuth|Page)Error$/.test(error)),
  )
  const codes = [...new Set(protocol.map(({ code }) => code).filter((code) => isText(code ?? '')))].toSorted(
    (a, b) => a.localeCompare(b),
  )
  return [
    introduction,
    '## When you configure it\n',
    'A `TypeError` when the object is made, at start-up.\n',
    ...misconfigurations.map(({ name, messages }) => `### \`${name}\`\n\n${list(messages)}`),
    '## What a client is told\n',
    'The `error_description` of an `OAuthError`, by its code.\n',
    ...codes.map((code) => `### \`${code}\`\n\n${list(messagesOf(protocol, (one) => one.code === code))}`),
  ].join('\n')
}

function manifestOf(path) {
  return JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'))
}

/** Whether there is anything to search for. */
function isText(message) {
  return /[a-z]/i.test(message)
}

function messagesOf(errors, belongs) {
  const words = (message) => message.replace(/^[^a-z]+/i, '')
  return [...new Set(errors.filter(belongs).map(({ message }) => message))].toSorted((left, right) =>
    words(left).localeCompare(words(right)),
  )
}

function list(messages) {
  return `${messages.map((message) => `- ${quoted(message)}`).join('\n')}\n`
}

/** As code, also when there are backticks in it. */
function quoted(message) {
  return message.includes('`') ? `\`\` ${message} \`\`` : `\`${message}\``
}
