import { existsSync, readFileSync } from 'node:fs'
import { defineConfig } from 'vitepress'
import type { DefaultTheme } from 'vitepress'
import { sidebar } from './sidebar.mts'

const generated = new URL('../api/typedoc-sidebar.json', import.meta.url)
const api: DefaultTheme.SidebarItem[] = existsSync(generated)
  ? JSON.parse(readFileSync(generated, 'utf8'))
  : []

export default defineConfig({
  title: 'Gatewright',
  description: 'OAuth 2.1 authorization server and scope-gated MCP server for the server you already run',
  lang: 'en-US',
  cleanUrls: true,
  srcExclude: ['api-introduction.md'],
  // The usual themes are too pale for their grounds (WCAG 1.4.3).
  markdown: { theme: { light: 'github-light-high-contrast', dark: 'github-dark-default' } },
  // The search index and the table of rules are large, and fetched only when they are asked for.
  vite: { build: { chunkSizeWarningLimit: 2000 } },
  transformPageData: ({ relativePath, frontmatter }) => {
    if (relativePath.startsWith('api/')) frontmatter.pageClass = 'api'
  },
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: '/icon.svg' }]],
  themeConfig: {
    logo: '/icon.svg',
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Guide', link: '/guide/', activeMatch: '^/guide/' },
      { text: 'API', link: '/api/', activeMatch: '^/api/' },
      {
        text: 'Reference',
        link: '/architecture',
        activeMatch: '^/(architecture|adr|conformance|glossary|reference)',
      },
    ],
    sidebar: {
      '/api/': [{ text: 'API reference', link: '/api/', items: api }],
      '/': sidebar,
    },
    footer: { message: 'Released under the MIT License.' },
  },
})
