import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { messagesPage } from './messages-page.mjs'

const folder = new URL('./reference/', import.meta.url)
mkdirSync(folder, { recursive: true })
writeFileSync(
  new URL('messages.md', folder),
  messagesPage(fileURLToPath(new URL('../packages', import.meta.url))),
)
