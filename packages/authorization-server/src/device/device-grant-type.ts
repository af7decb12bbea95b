/** Value of `grant_type` for device codes. @see [RFC 8628 §3.4 - Device Access Token Request](https://www.rfc-editor.org/rfc/rfc8628.html#section-3.4) */
export const deviceGrantType = 'urn:ietf:params:oauth:grant-type:device_code'
