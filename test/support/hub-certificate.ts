/**
 * A self-signed certificate for the name hub.test, good for nothing but the tests: the key is public, and the name is reserved by RFC 6761.
 * Made by openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 36500 -subj /CN=hub.test
 * -addext subjectAltName=DNS:hub.test -addext basicConstraints=critical,CA:TRUE
 */
export const hubCertificate = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBkzCCATigAwIBAgIUbpx1oQmqK2HB0x690Wa157FW96gwCgYIKoZIzj0EAwIw
EzERMA8GA1UEAwwIaHViLnRlc3QwIBcNMjYxMTIzMjAxNjEwWhgPMjEyNjEwMzAy
MDE2MTBaMBMxETAPBgNVBAMMCGh1Yi50ZXN0MFkwEwYHKoZIzj0CAQYIKoZIzj0D
AQcDQgAENYfqi6s9523jF8z0ebUm0yYIEAaXOnD2SkrlwjsuO0GF/VqoRKjI169T
HSONlW2elNjr2DbNZANR2tj0tiZBUqNoMGYwHQYDVR0OBBYEFAYHq0yTclSW7rgp
5rl+AXl3ANdxMB8GA1UdIwQYMBaAFAYHq0yTclSW7rgp5rl+AXl3ANdxMBMGA1Ud
EQQMMAqCCGh1Yi50ZXN0MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSQAw
RgIhAOaihsZOR1+mMVV2gcJxVE9WkeQHqmJqKVKh9OwkJZO6AiEArJoNNcW7iLl0
fbTWBUQ2ONToEwOgRyy9KRNiPoqb/Ko=
-----END CERTIFICATE-----
`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgJ0y2jaEUz7DfzLw7
ZIbuQCJNfQPmY1UOSbDerWictT+hRANCAAQ1h+qLqz3nbeMXzPR5tSbTJggQBpc6
cPZKSuXCOy47QYX9WqhEqMjXr1MdI42VbZ6U2OvYNs1kA1Ha2PS2JkFS
-----END PRIVATE KEY-----
`,
};
