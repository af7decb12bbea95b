// What platform.node.ts has for Node.js, for every other runtime.
export { decodeBase64url, encodeBase64url } from './base64url.ts'
export { createBytes, digestText, narrowText, writeNarrow } from './bytes.ts'
export { hashId } from './hash-id.ts'
export { deriveSealingKey } from './vault/sealing-key.ts'
