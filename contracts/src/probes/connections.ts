// Probes of accept, connect and many sessions.
import type { Probe } from './probe.ts';
import { mswsock, winsock } from './sources.ts';

const LECTURE = {
  lines: '46, 51',
  says: 'AcceptEx and ConnectEx support asynchronous IO, but we do not use them: a dedicated thread accepts.',
};

export const CONNECTION_PROBES: readonly Probe[] = [
  {
    name: 'acceptex-pends',
    family: 'accept and connect',
    claim: 'AcceptEx is overlapped: it becomes pending, and completes when a client connects.',
    lecture: LECTURE,
    windows: {
      says: 'ERROR_IO_PENDING: the operation was successfully initiated and is still in progress.',
      source: mswsock('nf-mswsock-acceptex'),
    },
    does: 'Calls AcceptEx on an idle listener, and connects afterwards on the same thread.',
    quick: true,
    deadlineSeconds: 10,
    notifiers: [],
    figures: [
      { name: 'callUs', unit: 'us', what: 'time in AcceptEx' },
      { name: 'callError', unit: 'code', what: 'its error (997: ERROR_IO_PENDING)' },
      { name: 'completedAfterConnect', unit: 'yes', what: 'it completed after the connect' },
    ],
  },
  {
    name: 'connectex-completes-overlapped',
    family: 'accept and connect',
    claim: "ConnectEx is overlapped: the operation's event reports the connection.",
    lecture: LECTURE,
    windows: {
      says: 'ERROR_IO_PENDING: the connection is in progress, and its completion is indicated like that of other overlapped operations.',
      source: mswsock('nc-mswsock-lpfn_connectex'),
    },
    does: 'Connects a bound socket to a listener on this machine with ConnectEx.',
    quick: true,
    deadlineSeconds: 10,
    notifiers: [],
    figures: [
      { name: 'callUs', unit: 'us', what: 'time in ConnectEx' },
      { name: 'callError', unit: 'code', what: 'its error (997: ERROR_IO_PENDING)' },
      { name: 'completedByEvent', unit: 'yes', what: 'its event reported the connection' },
    ],
  },
  {
    name: 'accept-thread-keeps-up',
    family: 'accept and connect',
    claim: 'A dedicated accept thread performs as well as AcceptEx.',
    lecture: LECTURE,
    windows: {
      says: 'AcceptEx allows more connections to be accepted by fewer threads. No figure is documented.',
      source: mswsock('nf-mswsock-acceptex'),
    },
    does: 'Accepts 50 connections that another thread makes, with a blocking accept and with 16 posted AcceptEx calls, alternating, eight times each; the best of each counts. "As well": at least half the rate.',
    quick: false,
    deadlineSeconds: 40,
    notifiers: [],
    figures: [
      { name: 'connections', unit: 'count', what: 'connections of one round' },
      { name: 'acceptRate', unit: 'perSecond', what: 'accepts by the accept thread' },
      { name: 'acceptExRate', unit: 'perSecond', what: 'accepts by AcceptEx' },
    ],
  },
  {
    name: 'five-thousand-receives',
    family: 'many sessions',
    claim: 'With 5,000 sessions 5,000 receives can be posted, and all complete.',
    lecture: {
      lines: '86',
      says: 'With 5,000 sessions, all 5,000 have a WSARecv posted.',
    },
    windows: {
      says: 'Each outstanding overlapped receive uses non-paged pool and locks the pages of its buffer; WSAENOBUFS reports that the limit is reached.',
      source: winsock('wsarecv'),
    },
    does: 'Makes 5,000 connections, posts a receive of 64 bytes on each of them, all on one port, and lets every peer send.',
    quick: false,
    deadlineSeconds: 40,
    notifiers: [],
    figures: [
      { name: 'sessions', unit: 'count', what: 'connections, both ends in this process' },
      { name: 'connectMs', unit: 'ms', what: 'time to make them' },
      { name: 'posted', unit: 'count', what: 'receives that were accepted' },
      { name: 'postMs', unit: 'ms', what: 'time to post them' },
      {
        name: 'workingSetBytesPerSession',
        unit: 'bytes',
        what: 'growth of the working set, both ends and the receive',
      },
      {
        name: 'poolBytesPerReceive',
        unit: 'bytes',
        what: "growth of the process's non-paged pool by posting",
        mayBeNull: 'Wine does not report it',
      },
      { name: 'completed', unit: 'count', what: 'receives that completed with their byte' },
      { name: 'completeMs', unit: 'ms', what: 'time for all to send and complete' },
    ],
  },
];
