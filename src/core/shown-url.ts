/** An address as the page, alarms and logs show it: without the path, the query and who signs in, any of which may be a secret. */
export function shownUrl(url: string): string {
  if (!URL.canParse(url)) return 'what is no URL';
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}
