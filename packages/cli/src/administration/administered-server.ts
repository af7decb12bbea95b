/** A signing key, as the server tells of it. */
export interface Key {
  readonly kid: string
  readonly algorithm: string
  readonly state: 'next' | 'signing' | 'past'
  readonly from: number
  readonly until: number
  readonly publishedUntil: number
}

/** A client, as the server tells of it. */
export interface Client {
  readonly clientId: string
  readonly clientName?: string
  readonly clientKind?: string
  readonly clientTags?: readonly string[]
  readonly verified: boolean
  readonly disabled: boolean
  readonly authentication: string
  readonly grantTypes: readonly string[]
  readonly redirectUris: readonly string[]
  readonly scopes?: readonly string[]
  readonly secrets: number
  readonly expiresAt?: number
}

/** What a user approved, as the server tells of it. */
export interface Grant {
  readonly grantId: string
  readonly clientId: string
  readonly subject: string
  readonly scope: string
  readonly resources: readonly string[]
  readonly sid?: string
  readonly createdAt: number
  readonly lastUsedAt?: number
}

/** Which grants. */
export type Selection =
  | { readonly subject: string; readonly clientId?: string; readonly sid?: string }
  | { readonly clientId: string }

/** What the commands need of an authorization server. What `createAuthorizationServer` returns has it. */
export interface AdministeredServer {
  readonly issuer: string
  readonly keys: {
    list(): Promise<Key[]>
    rotate(how: { readonly immediately: boolean }): Promise<Key>
    retire(kid: string): Promise<boolean>
  }
  readonly clients: {
    list(): Promise<Client[]>
    find(clientId: string): Promise<Client | undefined>
    rotateSecret(
      clientId: string,
      how: { readonly overlap: number },
    ): Promise<{ readonly clientSecret: string; readonly othersUntil: number } | undefined>
    disable(clientId: string): Promise<boolean>
    enable(clientId: string): Promise<boolean>
  }
  readonly grants: {
    list(selection: Selection): Promise<Grant[]>
    revoke(grantId: string, of: { readonly subject: string }): Promise<boolean>
    revokeAll(selection: Selection, reason?: string): Promise<number>
  }
}
