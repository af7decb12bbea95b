// What platform.node.ts has for Node.js, for every other runtime.
export { base64url } from './base64url.ts'
export { digestBase64url } from './digest.ts'
