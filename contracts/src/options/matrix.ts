/** The platforms that the native core is built for. Wine runs what is built for Windows. */
export const PLATFORMS = ['windows', 'linux'] as const;
export type Platform = (typeof PLATFORMS)[number];

/**
 * Windows: overlapped models report that an operation has finished. Readiness models, the
 * baselines, report that an operation may be attempted.
 */
export const OVERLAPPED_NOTIFIERS = ['iocp', 'completion-routine', 'event'] as const;
export const READINESS_NOTIFIERS = ['select', 'event-select', 'async-select'] as const;

/** The notification models of each platform, in the order of the addon's own tables. */
export const NOTIFIERS_OF = {
  windows: [...OVERLAPPED_NOTIFIERS, ...READINESS_NOTIFIERS],
  linux: ['epoll', 'io-uring'],
} as const satisfies Record<Platform, readonly string[]>;

/** The native server's notification models: how it learns that an IO finished. */
export const NOTIFIERS = [...NOTIFIERS_OF.windows, ...NOTIFIERS_OF.linux] as const;
export type Notifier = (typeof NOTIFIERS)[number];

/** The one platform that has the notifier. */
export function platformOf(notifier: Notifier): Platform {
  const ofLinux: readonly Notifier[] = NOTIFIERS_OF.linux;
  return ofLinux.includes(notifier) ? 'linux' : 'windows';
}

/** `epoll (linux)` */
export function notifierText(notifier: Notifier): string {
  return `${notifier} (${platformOf(notifier)})`;
}

/** The notifier of every fleet on a platform, whatever the server runs. */
export const FLEET_NOTIFIER = {
  windows: 'iocp',
  linux: 'epoll',
} as const satisfies Record<Platform, Notifier>;

/**
 * Sessions that one IO thread can have; null: as many as come. `event`, `event-select`:
 * WSAWaitForMultipleEvents takes WSA_MAXIMUM_WAIT_EVENTS (64) handles, one of them the dummy event.
 * `select`: FD_SETSIZE is raised to 1,024, one place is the wake-up socket's. `async-select`: a
 * thread's message queue holds 10,000 posted messages (USERPostMessageLimit), and a session may have
 * three in it.
 */
export const SESSIONS_PER_IO_THREAD: Readonly<Record<Notifier, number | null>> = {
  iocp: null,
  'completion-routine': null,
  event: 63,
  select: 1023,
  'event-select': 63,
  'async-select': 3333,
  epoll: null,
  'io-uring': null,
};

/** Thread layouts that the native server has: which thread does what. */
export const LAYOUTS = ['homo', 'hetero', 'hetero-channels'] as const;
export type Layout = (typeof LAYOUTS)[number];

/** With one thread to a content the layout would be hetero. */
const MIN_CHANNELS = 2;

/**
 * Content threads of each of a game's `contents`, of a budget of `content` content threads; 0: the
 * IO threads do everything.
 */
export const THREADS_PER_CONTENT: Readonly<
  Record<Layout, (content: number, contents: number) => number>
> = {
  homo: () => 0,
  hetero: () => 1,
  'hetero-channels': (content, contents) => Math.max(MIN_CHANNELS, Math.floor(content / contents)),
};

/** The lock of the player container, a setting of the layouts that look players up in it. */
export const CONTAINER_LOCKS = ['mutex', 'srwlock', 'sharded'] as const;
export type ContainerLock = (typeof CONTAINER_LOCKS)[number];

/** Queue types between IO threads and a content thread. */
export const CONTENT_QUEUES = ['locked', 'lock-free'] as const;
export type ContentQueue = (typeof CONTENT_QUEUES)[number];

/**
 * When a server session posts its next receive: at once, or after its echo's send has completed.
 */
export const DUPLEXES = ['full', 'half'] as const;
export type Duplex = (typeof DUPLEXES)[number];

/** The wire format of a connection. */
export const PROTOCOLS = ['oversoak', 'echo8', 'raw'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

/**
 * Marks cells that do not belong to the soak itself but to the baseline that it is compared with.
 */
export const SIDES = ['baseline'] as const;
export type Side = (typeof SIDES)[number];

/**
 * The only table of valid pairs. Submission and the addon refuse all others, and the native test
 * suite iterates over it.
 */
export const VALID_PAIRS: readonly { notifier: Notifier; layout: Layout }[] = NOTIFIERS.flatMap(
  (notifier) => LAYOUTS.map((layout) => ({ notifier, layout })),
);

export function isValidPair(notifier: string, layout: string): boolean {
  return VALID_PAIRS.some((pair) => pair.notifier === notifier && pair.layout === layout);
}

/** One point of a soak's matrix. */
export interface Cell {
  /** null: the server is a target that oversoak did not start. */
  notifier: Notifier | null;
  /** null together with `notifier`. */
  layout: Layout | null;
  /** Client sessions of the whole fleet. */
  sessions: number;
  /** Present only if the matrix varies it. */
  containerLock?: ContainerLock;
  /** Present only if the matrix varies it. */
  contentQueue?: ContentQueue;
  /** Present only in a soak that is compared with a baseline; absent: the soak's own cell. */
  side?: Side;
}

/** The server of a cell as attribute values: `target` if oversoak did not start it. */
export function serverOf({ notifier, layout }: Cell) {
  return { notifier: notifier ?? ('target' as const), layout: layout ?? ('target' as const) };
}

/**
 * The cell's name in URLs, tables and files, e.g. `iocp.homo.100`, `target.100`, and
 * `iocp.homo.100.baseline` for the baseline's cell.
 */
export function cellKey(cell: Cell): string {
  const server =
    cell.notifier === null || cell.layout === null ? ['target'] : [cell.notifier, cell.layout];
  return [...server, cell.containerLock, cell.contentQueue, cell.sessions, cell.side]
    .filter((part) => part !== undefined)
    .join('.');
}
