/** What is behind # in a link. */
export interface JoinSecret {
  token: string;
  /** The hash of the authority that signed the certificate of the API; absent: one that is known. */
  authority?: string | undefined;
}

/**
 * What an operator gives to the machine that may join: the URL of the API with the token behind #,
 * which is sent to no server, so that no log of a request has it.
 */
export function joinLink(url: string, { token, authority }: JoinSecret): string {
  const link = new URL(url);
  link.hash = authority === undefined ? token : `${token}.${authority}`;
  return link.href;
}
