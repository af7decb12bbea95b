// What platform.node.ts has for Node.js, for every other runtime.
export { decodeBase64url, decodeTextBase64url, encodeBase64url, encodeTextBase64url } from './base64url.ts'
export { hmacSha256, sha256, sha256Base64url } from './digest.ts'
export { pinnedFetch } from './pinned-fetch.ts'
export { signWith, verifyWith } from './signatures.ts'
