import { existsSync, readFileSync } from 'node:fs'
import { defineConfig } from 'vitepress'
import type { DefaultTheme } from 'vitepress'
import { sidebar } from './sidebar.mts'

const generated = new URL('../api/typedoc-sidebar.json', import.meta.url)
const modules: DefaultTheme.SidebarItem[] = existsSync(generated)
  ? JSON.parse(readFileSync(generated, 'utf8'))
  : []

/** All modules, and of one of them its names: with those of all, each of the several hundred pages would have all their links. */
function apiSidebar(open?: DefaultTheme.SidebarItem): DefaultTheme.SidebarItem[] {
  const items = modules.map((module) =>
    module === open ? { ...module, collapsed: false } : { text: module.text, link: module.link },
  )
  return [{ text: 'API reference', link: '/api/', items }]
}

type Highlight = (code: string, language: string, attributes: string) => string
const highlighted = new Map<string, string>()

/** The search renders every page once more; what colours its code is most of that, and has the same result. */
function once(highlight: Highlight | null | undefined): Highlight | null | undefined {
  if (!highlight) return highlight
  return (...block) => {
    const key = block.join('\0')
    const known = highlighted.get(key) ?? highlight(...block)
    highlighted.set(key, known)
    return known
  }
}

export default defineConfig({
  title: 'Gatewright',
  description: 'OAuth 2.1 authorization server and scope-gated MCP server for the server you already run',
  lang: 'en-US',
  cleanUrls: true,
  // What is the same for all pages is one file, and not a part of each.
  metaChunk: true,
  srcExclude: ['api-introduction.md'],
  // The usual themes are too pale for their grounds (WCAG 1.4.3).
  markdown: {
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-default' },
    config: ({ options }) => (options.highlight = once(options.highlight)),
  },
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
      '/api/': apiSidebar(),
      ...Object.fromEntries(modules.map((module) => [module.link, apiSidebar(module)])),
      '/': sidebar,
    },
    footer: { message: 'Released under the MIT License.' },
  },
})
