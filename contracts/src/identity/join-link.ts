/**
 * What an operator gives to the machine that may join: the URL of the API with the token behind #,
 * which is sent to no server, so that no log of a request has it.
 */
export function joinLink(url: string, { token }: { token: string }): string {
  const link = new URL(url);
  link.hash = token;
  return link.href;
}
