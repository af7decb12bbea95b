// What Node.js does quicker, or alone can do. One file, because each that is loaded costs a program a millisecond at its start.
export {
  decodeBase64url,
  decodeTextBase64url,
  encodeBase64url,
  encodeTextBase64url,
} from './base64url.node.ts'
export { hmacSha256, sha256, sha256Base64url } from './digest.node.ts'
export { pinnedFetch } from './pinned-fetch.node.ts'
export { signWith, verifyWith } from './signatures.node.ts'
