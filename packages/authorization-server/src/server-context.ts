import type { EventSink, Runtime } from '@gatewright/core'
import type { DpopVerifier } from '@gatewright/dpop'
import type { Counter, ReplayStore, Storage } from '@gatewright/storage'
import type { LimitRate } from './limits/rate-limits.ts'
import type { GrantStore } from './grants/grant-store.ts'
import type { SessionStore } from './interaction/session-store.ts'
import type { ResolvedOptions } from './options.ts'
import type { Pages } from './pages/create-pages.ts'
import type { Partitions } from './partitions.ts'
import type { ScopeCatalog } from './requests/scope-catalog.ts'
import type { KeyRing } from './tokens/signing-keys.ts'
import type { Urls } from './urls.ts'

/** What the parts of one authorization server share: its options and the services made from them. */
export interface ServerContext {
  readonly issuer: string
  readonly options: ResolvedOptions
  readonly urls: Urls
  readonly partitions: Partitions
  readonly storage: Storage
  readonly counter: Counter
  readonly limitRate: LimitRate
  readonly runtime: Runtime
  readonly scopes: ScopeCatalog
  readonly keys: KeyRing
  readonly grants: GrantStore
  readonly sessions: SessionStore
  /** The check of DPoP proofs; absent when they are ignored. */
  readonly dpop: DpopVerifier | undefined
  readonly pages: Pages
  readonly emit: EventSink
  /** What was presented once and is not taken again. Namespaces start with the issuer's partition. */
  readonly replay: ReplayStore
  /** The current instant in milliseconds. */
  now(): number
  /** A fresh secret of 256 bits in base64url. */
  secret(): string
}
