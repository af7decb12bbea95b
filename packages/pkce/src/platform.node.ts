// What Node.js does quicker, in one file.
export { base64url } from './base64url.node.ts'
export { digestBase64url } from './digest.node.ts'
