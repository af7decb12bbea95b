declare module 'cloudflare:workers' {
  import type { D1Database } from '@gatewright/storage-sqlite/d1'
  export const env: { readonly DB: D1Database }
}
