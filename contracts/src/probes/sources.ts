/** Documentation of a function in winsock2.h. */
export const winsock = (name: string) =>
  `https://learn.microsoft.com/en-us/windows/win32/api/winsock2/nf-winsock2-${name}`;

/** Documentation of a function that Microsoft documents under winsock.h, the older header. */
export const oldWinsock = (name: string) =>
  `https://learn.microsoft.com/en-us/windows/win32/api/winsock/nf-winsock-${name}`;

/** Documentation of a function in mswsock.h. */
export const mswsock = (name: string) =>
  `https://learn.microsoft.com/en-us/windows/win32/api/mswsock/${name}`;

/** Documentation of a file function. */
export const fileapi = (name: string) =>
  `https://learn.microsoft.com/en-us/windows/win32/api/fileapi/nf-fileapi-${name}`;
