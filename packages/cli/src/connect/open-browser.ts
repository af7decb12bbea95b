import { spawn } from 'node:child_process'
import { isSafeUrl } from '../server-url.ts'

/**
 * Opens a URL in the user's browser, without a shell.
 *
 * @throws {Error} when the URL is neither https nor http on this machine: a server chooses it, and `file:` or a command would be opened too
 */
export function openBrowser(url: URL, platform: NodeJS.Platform = process.platform): void {
  if (!isSafeUrl(url)) throw new Error(`the server wants ${url.protocol} to be opened, which is refused`)
  const [command, ...args] = browserCommand(url.href, platform)
  const child = spawn(command, args, { stdio: 'ignore', detached: true })
  // Where there is no browser, the URL that was printed has to do.
  child.on('error', () => {})
  child.unref()
}

function browserCommand(href: string, platform: NodeJS.Platform): [string, ...string[]] {
  if (platform === 'darwin') return ['open', href]
  // `start` would hand the URL to a shell.
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', href]
  return ['xdg-open', href]
}
