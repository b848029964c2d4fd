/** How reports are served: each is a page of its own, with its own styles and script, that may do nothing else. */

/** Not even of this station's origin: it has no cookie, can ask for nothing, and stands in no frame. */
export const reportHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "sandbox allow-scripts; default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
};
