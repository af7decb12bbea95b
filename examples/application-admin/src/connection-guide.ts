import type { Settings } from './settings.ts'
import { demoUser } from './directory.ts'

/** The client that is registered for desktop applications. */
export const desktopClientId = 'claude-desktop-mcp'

const requestedScopes = 'read:application write:application read:user write:user openid profile email'

/** What a person needs to connect a client: shown in the terminal and on the home page. */
export interface ConnectionGuide {
  readonly mcpUrl: string
  /** For `claude_desktop_config.json`. */
  readonly desktopConfig: string
  readonly claudeCode: string
  readonly user: { readonly name: string; readonly password: string }
}

/** Writes the guide for an installation. */
export function connectionGuide(settings: Settings): ConnectionGuide {
  const mcpUrl = settings.publicUrl + settings.mcpPath
  const args = [
    '-y',
    'mcp-remote',
    mcpUrl,
    '--static-oauth-client-info',
    JSON.stringify({ client_id: desktopClientId }),
    '--static-oauth-client-metadata',
    JSON.stringify({ scope: requestedScopes }),
  ]
  return {
    mcpUrl,
    desktopConfig: JSON.stringify(
      { mcpServers: { [settings.serverKey]: { command: 'npx', args } } },
      undefined,
      2,
    ),
    claudeCode: `claude mcp add --transport http ${settings.serverKey} ${mcpUrl}`,
    user: demoUser,
  }
}
