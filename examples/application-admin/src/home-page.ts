import { html, layout, pageResponse } from '@gatewright/authorization-server'
import type { RequestHandler } from '@gatewright/core'
import type { ConnectionGuide } from './connection-guide.ts'
import type { Settings } from './settings.ts'

/** The page at the root: how to connect a client, and where to see what is connected. */
export function homePage(settings: Settings, guide: ConnectionGuide): RequestHandler {
  const { productName, publicUrl } = settings
  const page = layout(
    { productName, wide: true },
    'Connect an app',
    html`<h1>${productName} speaks MCP</h1>
      <p>
        Connect Claude, VS Code or any other MCP client to <code>${guide.mcpUrl}</code>. Your browser opens,
        you sign in as the demo user <code>${guide.user.name}</code> with the password
        <code>${guide.user.password}</code>, and choose what the app may do.
      </p>
      <h2>Claude Desktop</h2>
      <p class="muted">Add this to <code>claude_desktop_config.json</code> and restart Claude Desktop.</p>
      <pre><code>${guide.desktopConfig}</code></pre>
      <h2>Claude Code</h2>
      <pre><code>${guide.claudeCode}</code></pre>
      <h2>Connected apps</h2>
      <p><a href="${publicUrl}/account">See which apps have access, and disconnect them</a></p>`,
  )
  return {
    origin: new URL(publicUrl).origin,
    handle: async (request) => (new URL(request.url).pathname === '/' ? pageResponse(page) : undefined),
  }
}
