/** Why a text can be no token of the API; null: it can. What a header cannot hold is never sent. */
export function whyNoToken(text: string): string | null {
  if (/\s/.test(text)) return 'a token has no spaces';
  return /^[\x21-\x7e]+$/.test(text) ? null : 'a token has only letters, digits and signs of ASCII';
}
