import type { DefaultTheme } from 'vitepress'

const page = (text: string, link: string): DefaultTheme.SidebarItem => ({ text, link })

/** The sidebar of every page but those of the API reference. */
export const sidebar: DefaultTheme.SidebarItem[] = [
  {
    text: 'Start',
    items: [
      page('What Gatewright is', '/guide/'),
      page('Quick start', '/guide/quick-start'),
      page('Run the example', '/guide/run-the-example'),
      page('Choose packages', '/guide/packages'),
      page('Frameworks and runtimes', '/guide/frameworks'),
      page('Only what you need', '/guide/only-what-you-need'),
    ],
  },
  {
    text: 'Whole set-ups',
    items: [
      page('Connect Claude Desktop', '/guide/connect-claude'),
      page('Build a gateway', '/guide/gateway'),
      page('Connect Claude to a gateway', '/guide/claude-and-a-gateway'),
      page('Custom OAuth providers', '/guide/custom-oauth-provider'),
      page('Sign users in to other apps', '/guide/identity-provider'),
    ],
  },
  {
    text: 'MCP servers',
    items: [
      page('Define scopes', '/guide/scopes'),
      page('Gate tools by scopes', '/guide/tools'),
      page('Serve MCP on either SDK', '/guide/mcp-servers'),
      page('Authentication methods', '/guide/authentication'),
      page('Error handling', '/guide/error-handling'),
      page('Call tools from a program', '/guide/client-credentials'),
      page('Offer a REST API as tools', '/guide/mcp-bridge'),
      page('Put MCP servers behind your gate', '/guide/mcp-proxy'),
    ],
  },
  {
    text: 'Signing in',
    items: [
      page('Log in with providers', '/guide/providers'),
      page('Change the pages', '/guide/pages'),
      page('Connect devices', '/guide/devices'),
      page('Ask a user in the background', '/guide/background-approval'),
    ],
  },
  {
    text: 'Clients and tokens',
    items: [
      page('Let clients in', '/guide/clients'),
      page('Shape tokens', '/guide/tokens'),
      page('Decide by policy', '/guide/policies'),
      page('Act for users elsewhere', '/guide/acting-for-users'),
      page('Push or sign requests, post answers', '/guide/requests'),
      page('Ask for one deed', '/guide/authorization-details'),
    ],
  },
  {
    text: 'Operate',
    items: [
      page('Deploy', '/guide/deployment'),
      page('Choose and run a storage', '/guide/storage'),
      page('Users, clients, grants and keys', '/guide/administration'),
      page('Test your server', '/guide/testing-your-server'),
      page('Listen to events', '/guide/events'),
      page('Security model', '/guide/security'),
      page('Weaken a rule on purpose', '/guide/weaker-on-purpose'),
      page('Performance', '/guide/performance'),
      page('Troubleshooting', '/guide/troubleshooting'),
    ],
  },
  {
    text: 'Move here',
    items: [
      page('From the MCP SDK', '/guide/migrate-from-the-sdk'),
      page('From better-auth', '/guide/migrate-from-better-auth'),
      page('From oidc-provider', '/guide/migrate-from-oidc-provider'),
    ],
  },
  {
    text: 'Reference',
    items: [
      page('API', '/api/'),
      page('Errors', '/reference/errors'),
      page('Every message', '/reference/messages'),
      page('Architecture', '/architecture'),
      page('Decisions', '/adr/'),
      page('Conformance', '/conformance'),
      page('Glossary', '/glossary'),
    ],
  },
]
