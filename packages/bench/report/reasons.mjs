/** What stands in the way of a goal that is missed, by the text of the goal. It is shown only while the goal is missed. */
export const reasons = {
  'bundle of authorization-server':
    'This is all that the package exports: every grant, every way to authenticate, registration, metadata documents, devices, token exchange, logout, administration, the pages and three languages. Pages and languages are 13 KB of it, and the defaults of `createAuthorizationServer` name the rest.',
  'bundle of authorization-server without jose':
    'As above: jose is 10 KB of the whole. What a server with nothing but codes and refresh tokens must check is 30 KB by itself, when every other part is left out by hand.',
  'adapter for Hono':
    'The handler sees its own origin, never that of `Host`, so a request with a body is made again with its signal and its stream. Where the server already has the public origin, the request is handed on as it is.',
  'sweep of 1,000,000 records: longest turn':
    'A sweep drops 100 records in a turn, which takes a fraction of a millisecond. What takes longer is the engine’s collection of what was dropped.',
}
