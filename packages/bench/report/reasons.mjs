const objects = (floors) =>
  `The floor as \`Request\` and \`Response\` alone is at ${floors}: an in-process call makes both for each request, with their streams and headers, and over HTTP nobody does.`
const cold = (times, together) =>
  `A call alone finds the near caches of the processor full of other code, as the floor does which has the processor to itself only here: with another program between two of its calls it is at ${times} (job \`caches\`). With sixteen at once, as under load, this is at ${together}.`
const profiles = 'The profile is in the README of packages/bench; `pnpm bench <job> --profile` makes it.'
const own =
  'in functions of which none takes 5 %, for what the floor does not do: conditions of every write, policies, events, sender constraints, rotation of keys'
const seal =
  'A refresh also seals its answer under the token that was presented, and stores that record: a client that lost the answer gets the same one again, and a stolen table shows nothing. The row beside it, which forgets its answers as the floor does, is at 1.10 to 1.15 over HTTP.'
const bytes =
  'The floor keeps its objects in a map; the memory storage packs each record into bytes beside the heap, with its conditions judged, so that a million grants cost no collection (ADR 0030).'
const records =
  'The floor sets one entry of a map. Here it is two reads, of the session and of what was allowed before, and three commits: the grant and its entries in the lists of its user and of its client are in three partitions, and no commit spans two (ADR 0022).'

/** What stands in the way of a goal that is missed, by the text of the goal. It is shown only while the goal is missed. */
export const reasons = {
  'authorize, in process, over the floor': `${objects('2.5 to 2.9')} ${cold('1.6', '8')} ${records} They are a third of the time. Another quarter is Gatewright, ${own}. ${profiles}`,
  'authorize, over HTTP, over the floor': `${records} They are a third of the time, a fifth is Node’s own HTTP, a fifth Gatewright, ${own}. The cheapest peer, which has neither session nor consent and keeps no lists, is at 2.1. ${profiles}`,
  'code, in process, over the floor': `${objects('1.5')} ${cold('1.6', '2.2 to 2.4')} Of what is left most is storage and what Gatewright does ${own}. ${bytes} ${profiles}`,
  'code, over HTTP, over the floor': `Node’s own HTTP and cryptography are half of it, of the rest storage is a half. ${bytes} ${profiles}`,
  'refresh, in process, over the floor': `${objects('1.6')} ${cold('1.6', '3')} ${seal} ${bytes} ${profiles}`,
  'refresh, over HTTP, over the floor': `${seal} ${bytes} ${profiles}`,
  'client-credentials, in process, over the floor': `${objects('1.6 to 1.7')} ${cold('1.6', '1.8 to 2')} ${profiles}`,
  'client-credentials, over HTTP, over the floor': `More than a third is cryptography and a quarter Node’s own HTTP, which the floor has too. ${profiles}`,
  'introspect, in process, over the floor': `${objects('1.3')} ${profiles}`,
  'revoke, in process, over the floor': `${objects('7')} ${cold('1.8', '14')} The objects are a third of a revocation, its storage, one read and one commit, a quarter, and the reading of its form a tenth; the floor deletes an entry of a map in two microseconds, less than a \`Response\` by itself. Over HTTP, where nobody has the objects, a revocation is at 1.8. ${profiles}`,
  'register, in process, over the floor': `${objects('4.6 to 4.8')} ${cold('2.1 to 2.3', '8')} Over HTTP, where nobody has the objects, a registration is at 1.7. A third of it is the reading and the checks of what the client says of itself, a quarter those objects, a fifth storage. Each is counted by address in the storage before its body is read, so that those are counted which are refused, and a new one by day as well: two conditional writes in partitions of their own, where the floor sets one entry of a map. ${profiles}`,
  'adapter for node:http, over it by hand':
    'By hand the text is written at once. A server of node:http that writes it from a promise, as a handler that may ask a database must, with a head of its own, is at 1.07. The rest is the request, its URL, its address, and a response whose head is checked.',
  'adapter for Fastify':
    'Fastify alone, with a route of its own, is at 1.1; the rest is as for node:http, on which the adapter is.',
  'verify, not seen before, over the signature alone':
    'The floor, which remembers nothing and gives no reason, is itself at 1.1 to 1.2. Beside the signature are the claims, read and decoded with nothing but their canonical base64url accepted, checked, and frozen because requests share them: five microseconds and the collection of what they leave. On a busy machine it is more, since the signature alone fits the nearest cache.',
  'verify, seen before':
    'It is the digest of the token, by which it is found, and the question whether it was revoked.',
  'gate, token seen before':
    'The check of the token is a third of it. The rest reads the message, finds the tool and its scopes, checks the arguments and reports the call.',
  'tools/call among 10 tools: how much dearer McpServer of SDK v1 is':
    'Half of a call in process are the objects of `fetch`, which both have: the floor behind them, in the same table, is itself at seven to eleven. Over HTTP, where the adapter makes none, both have Node’s own HTTP, and it is at 5 to 7. The SDK’s server checks no token.',
  'tools/list of 10,000 tools, over JSON.stringify of the result':
    'The answer is the bytes that are there; what is left are the objects of `fetch` and the check of the token.',
  'memory storage, 100,000 grants':
    'A grant has four records: itself, two entries in lists and the note of its code challenge. Its digests and ids are 190 bytes that no encoding shortens; the rest are instants, the index, and texts that came for the first time.',
  'bundle of authorization server, composed for MCP clients':
    'Pages and their texts are 8 KB, login, sessions and consent 6, registration and what is checked of clients 6, grants 5, tokens and keys 4, options with their messages 3, requests 3, the packages core, storage, redirect-uri and pkce 6. Settings that are no parts, which are ID tokens, remembered consent and the metadata of clients for features that are not there, are 2 of it. Every export together is 94 KB; oidc-provider is 164 and the authorization router of the MCP SDK 317.',
  'bundle of authorization server, composed for MCP clients, without jose':
    'As above: such a server needs nothing of jose, so it is the same bundle. Without pages, for a program that has its own, it is 36 KB.',
  'adapter for Express': 'Express alone is at 1.4; the rest is as for node:http, on which the adapter is.',
  'postgres: wall time of a rotation over that of 2 bare round trips':
    'A bare trip is `select 1`, which reads nothing and writes nothing. A commit is flushed to the disk before the answer, and a bare trip with one that only flushes, which is in the table, is at two by itself on an idle disk. Beyond that are the read, an update and an insert, which take the server about as long by hand. It is one statement, prepared once, with no transaction around it.',
  'redis: wall time of a rotation over that of 2 bare round trips':
    'A bare trip is `ping`. The commit is a script that checks every condition before it writes two records and the index of their partition; the same by hand, with neither index nor expiry, is in the table.',
  'redis: wall time of a rotation over that of the same by hand':
    'By hand two keys are set. Here every condition of the commit is checked, the records are entered in the index of their partition, which listing needs, and their expiry is set, all in one script.',
  'import of the authorization server, over an empty process':
    'Ten modules of six packages and two of Node.js, none of which a start could do without: the engine finds, reads and compiles them. Of the time a sixth is `node:crypto`, more than half are the packages below and a quarter is the file of the authorization server itself, which is 0.4 MB of readable code; without its white space it would be a twentieth less.',
  'adapter for Hono':
    'Hono alone, on its server for Node.js, is at 1.1. The rest is a promise, the request under the public origin, and the headers of the response, which are joined there.',
  'sweep of 1,000,000 records: longest turn':
    'A turn drops 50 records and writes at most two segments of records anew, which takes half a millisecond. The rest is the machine: the row beside it is of a process that does nothing.',
  'SQLite: a rotation, over its transaction by hand':
    'The statements are the same, prepared, on the same table. The rest is the check of the operations and keys, the value’s text and the promise.',
  'tools/list of 10,000 tools for the first time, over JSON.stringify of the result':
    'It is joining the texts of the visible tools, and encoding the megabyte once.',
  'memory: refresh among 1,000,000 grants, over one among 1,000':
    'A step costs the same, but among a million grants each touches memory that is in no cache of the processor: the bucket, the record and the queue of expiries.',
  'sqlite: refresh among 1,000,000 grants, over one among 1,000':
    'The tree of a million grants is a level or two deeper and larger than the page cache of the connection, so a read leaves it.',
  'postgres: refresh among 1,000,000 grants, over one among 1,000':
    'The index is a level deeper and its pages, like those of the table, are no longer all in the cache of the server; after each checkpoint the first change of a page writes all of it to the log.',
  'redis: refresh among 1,000,000 grants, over one among 1,000':
    'Redis finds a key by a hash, whatever their number, but outside the caches of the processor, and frees expired keys and grows its table meanwhile.',
}
