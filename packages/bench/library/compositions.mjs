const server = '@gatewright/authorization-server'

/** The parts of a server that is good for something, and how a table calls it. */
export const compositions = [
  {
    name: 'authorization-server, all exports',
    contents: `export * from '${server}'`,
    note: 'every grant, every way to authenticate, registration, metadata documents, devices, logout, administration, pages in three languages.',
  },
  {
    name: 'createAuthorizationServer',
    contents: `export { createAuthorizationServer, loginWith, password, registered, signingKeys } from '${server}'`,
    note: 'the usual parts, with registered clients, passwords and signing keys.',
  },
  {
    name: 'composed for MCP clients',
    contents: `export { authorizationCode, composeAuthorizationServer, consentPage, dynamicRegistration, english, errorPage, loginPage, loginWith, none, password, refreshToken, signingKeys } from '${server}'`,
    note: 'the composition of “Only what you need”: codes with PKCE, refresh tokens, public clients that register themselves, JWT access tokens, keys that rotate, login by password, consent and errors as pages in English.',
  },
  {
    name: 'composed for MCP clients, with metadata documents',
    contents: `export { authorizationCode, composeAuthorizationServer, consentPage, dynamicRegistration, english, errorPage, loginPage, loginWith, metadataDocuments, none, password, refreshToken, signingKeys } from '${server}'`,
    note: 'the same, and clients that are described by a document at their id, with the guard of the requests for it.',
  },
  {
    name: 'composed without pages',
    contents: `export { authorizationCode, composeAuthorizationServer, none, refreshToken, registered, signingKeys } from '${server}'`,
    note: 'codes with PKCE, refresh tokens and registered public clients; login and pages are the program’s own.',
  },
]
