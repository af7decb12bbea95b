/** Value of `grant_type` for backchannel authentication. @see [OpenID Connect CIBA Core 1.0 §10.1](https://openid.net/specs/openid-client-initiated-backchannel-authentication-core-1_0.html#rfc.section.10.1) */
export const cibaGrantType = 'urn:openid:params:grant-type:ciba'
