import { existsSync, readFileSync } from 'node:fs'
import { defineConfig } from 'vitepress'
import type { DefaultTheme } from 'vitepress'

const generated = new URL('../api/typedoc-sidebar.json', import.meta.url)
const api: DefaultTheme.SidebarItem[] = existsSync(generated)
  ? JSON.parse(readFileSync(generated, 'utf8'))
  : []

const project: DefaultTheme.SidebarItem = {
  text: 'Project',
  items: [
    { text: 'Architecture', link: '/architecture' },
    { text: 'Decisions', link: '/adr/' },
    { text: 'Conformance', link: '/conformance' },
    { text: 'Glossary', link: '/glossary' },
  ],
}

export default defineConfig({
  title: 'Gatewright',
  description: 'OAuth 2.1 authorization server and scope-gated MCP server for the server you already run',
  lang: 'en-US',
  cleanUrls: true,
  // The search index and the table of rules are large, and fetched only when they are asked for.
  vite: { build: { chunkSizeWarningLimit: 2000 } },
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: '/icon.svg' }]],
  themeConfig: {
    logo: '/icon.svg',
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Guide', link: '/guide/', activeMatch: '/guide/' },
      { text: 'API', link: '/api/', activeMatch: '/api/' },
      {
        text: 'Architecture',
        link: '/architecture',
        activeMatch: '/(architecture|adr|conformance|glossary)',
      },
    ],
    sidebar: {
      '/guide/': [
        {
          text: 'Guide',
          items: [
            { text: 'What Gatewright is', link: '/guide/' },
            { text: 'Run the example', link: '/guide/run-the-example' },
            { text: 'Choose packages', link: '/guide/packages' },
            { text: 'Define scopes', link: '/guide/scopes' },
            { text: 'Gate tools by scopes', link: '/guide/tools' },
            { text: 'Serve MCP on either SDK', link: '/guide/mcp-servers' },
            { text: 'Choose a storage', link: '/guide/storage' },
            { text: 'Let clients in', link: '/guide/clients' },
            { text: 'Push or sign requests, post answers', link: '/guide/requests' },
            { text: 'Ask for one deed', link: '/guide/authorization-details' },
            { text: 'Act for users elsewhere', link: '/guide/acting-for-users' },
            { text: 'Connect devices', link: '/guide/devices' },
            { text: 'Offer a REST API as tools', link: '/guide/mcp-bridge' },
            { text: 'Put MCP servers behind your gate', link: '/guide/mcp-proxy' },
            { text: 'Change the pages', link: '/guide/pages' },
            { text: 'Sign users in and out of other apps', link: '/guide/identity-provider' },
            { text: 'Users, clients, grants and keys', link: '/guide/administration' },
            { text: 'Log in with providers', link: '/guide/providers' },
            { text: 'The custom-provider scenario', link: '/guide/custom-oauth-provider' },
            { text: 'Shape tokens', link: '/guide/tokens' },
            { text: 'Build a gateway', link: '/guide/gateway' },
            { text: 'Decide by policy', link: '/guide/policies' },
            { text: 'Listen to events', link: '/guide/events' },
            { text: 'Weaken a rule on purpose', link: '/guide/weaker-on-purpose' },
            { text: 'Test your server', link: '/guide/testing-your-server' },
          ],
        },
        project,
      ],
      '/api/': [{ text: 'API reference', items: api }],
      '/': [project],
    },
    footer: { message: 'Released under the MIT License.' },
  },
})
