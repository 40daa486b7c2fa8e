// Probes of readiness notification compared with completion.
import type { Notifier } from '../options/matrix.ts';
import type { Probe } from './probe.ts';
import { oldWinsock, winsock } from './sources.ts';

const LECTURE = {
  lines: '50, 85',
  says: 'Unlike select and AsyncSelect, overlapped IO does not report that a socket has changed, but that work has completed; so a WSARecv must always be posted.',
};

function reportsArrival(notifier: Notifier, call: string, windows: Probe['windows']): Probe {
  return {
    name: `${notifier}-reports-arrival`,
    family: 'readiness',
    claim: `${call} reports that data has arrived, although no receive is posted.`,
    lecture: LECTURE,
    windows,
    does: `Checks an idle connection with ${call}, sends, and checks again.`,
    quick: true,
    deadlineSeconds: 10,
    notifiers: [notifier],
    figures: [
      {
        name: 'reportedBeforeData',
        unit: 'yes',
        what: 'something was reported before there was data',
      },
      { name: 'reportedAfterData', unit: 'yes', what: 'the data was reported' },
      {
        name: 'reportedAfterUs',
        unit: 'us',
        what: 'time from the send until the report',
        mayBeNull: 'it was not reported',
      },
    ],
  };
}

export const READINESS_PROBES: readonly Probe[] = [
  {
    name: 'arrival-completes-nothing',
    family: 'readiness',
    claim: 'With no receive posted, arriving data completes nothing.',
    lecture: LECTURE,
    correction:
      'That overlapped IO is never polled is a way of using it, not a property: WSAGetOverlappedResult without waiting, and HasOverlappedIoCompleted, query the state of an operation.',
    windows: {
      says: 'A completion packet is queued when an IO operation on a handle of the port completes.',
      source: 'https://learn.microsoft.com/en-us/windows/win32/fileio/i-o-completion-ports',
    },
    does: 'Lets data arrive at a socket of a completion port and waits 100 ms for a packet; then posts a receive.',
    quick: true,
    deadlineSeconds: 10,
    notifiers: [],
    figures: [
      { name: 'packetsWithoutReceive', unit: 'count', what: 'packets while no receive was posted' },
      { name: 'packetsWithReceive', unit: 'count', what: 'packets once one was' },
    ],
  },
  reportsArrival('select', 'select', {
    says: 'A socket is readable if queued data is available for reading.',
    source: winsock('select'),
  }),
  reportsArrival('event-select', 'WSAEventSelect', {
    says: 'FD_READ: the event is set when data arrives, and again only after a receive.',
    source: winsock('wsaeventselect'),
  }),
  reportsArrival('async-select', 'WSAAsyncSelect', {
    says: 'FD_READ: a message is posted when data arrives, and again only after a receive.',
    source: oldWinsock('wsaasyncselect'),
  }),
];
