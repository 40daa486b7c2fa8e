// The notifiers that the suite runs over: those of the platform that it runs on.
import { NOTIFIERS_OF, type Notifier, READINESS_NOTIFIERS, VALID_PAIRS } from '@oversoak/contracts';
import { capabilities, platform } from '../src/index.ts';

/** Containers often forbid io_uring. Every other notifier has to work. */
const FORBIDDEN = /^io_uring_setup failed: /;

const forbidden = capabilities().notifiers.flatMap(({ name, reason }) =>
  FORBIDDEN.test(reason ?? '') ? [name] : [],
);

export const WORKING: readonly Notifier[] = NOTIFIERS_OF[platform].filter(
  (name) => !forbidden.includes(name),
);

export const PAIRS = VALID_PAIRS.filter(({ notifier }) => WORKING.includes(notifier));

/** Those that share io/readiness.cc. */
export const READINESS: readonly Notifier[] =
  platform === 'windows' ? READINESS_NOTIFIERS : ['epoll'];

/** Why a test of Windows alone is skipped here; false: this is Windows, or Wine. */
export const WINDOWS_ONLY = platform === 'windows' ? false : `of Windows, this is ${platform}`;

const ON_LINUX: Partial<Record<Notifier, Notifier>> = {
  iocp: 'epoll',
  select: 'epoll',
  'event-select': 'epoll',
  'async-select': 'epoll',
};

/** The notifier itself on Windows; on Linux one of Linux, so that the test runs there, too. */
export function here(notifier: Notifier): Notifier {
  if (platform === 'windows') return notifier;
  return ON_LINUX[notifier] ?? WORKING.at(-1) ?? 'epoll';
}
