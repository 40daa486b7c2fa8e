/** The page of a function of winsock2.h. */
export const winsock = (name: string) =>
  `https://learn.microsoft.com/en-us/windows/win32/api/winsock2/nf-winsock2-${name}`;

/** The page of a function that the documentation has under winsock.h, the older header. */
export const oldWinsock = (name: string) =>
  `https://learn.microsoft.com/en-us/windows/win32/api/winsock/nf-winsock-${name}`;

/** The page of a function of mswsock.h. */
export const mswsock = (name: string) =>
  `https://learn.microsoft.com/en-us/windows/win32/api/mswsock/${name}`;

/** The page of a file function. */
export const fileapi = (name: string) =>
  `https://learn.microsoft.com/en-us/windows/win32/api/fileapi/nf-fileapi-${name}`;
