// Probes of completion notification: operations that complete at once, events, routines, waits.
import type { Probe } from './probe.ts';
import { winsock } from './sources.ts';

const AT_ONCE = {
  says: 'If WSARecv completes at once it returns zero, and completion is indicated all the same: the event is signalled, the routine is already scheduled, or the packet is queued.',
  source: winsock('wsarecv'),
};

const callError = {
  name: 'callError',
  unit: 'code',
  what: 'error of the receive whose data was there (0: completed at once)',
} as const;

export const NOTICE_PROBES: readonly Probe[] = [
  {
    name: 'at-once-signals-event',
    family: 'at once',
    claim: 'An operation that completes at once signals its event all the same.',
    lecture: {
      lines: '120',
      says: 'An event is registered with each operation and is signalled when it completes.',
    },
    windows: AT_ONCE,
    does: 'Receives data that has already arrived, with an event.',
    quick: true,
    deadlineSeconds: 10,
    notifiers: ['event'],
    figures: [callError, { name: 'signalled', unit: 'yes', what: 'the event was signalled' }],
  },
  {
    name: 'at-once-queues-routine',
    family: 'at once',
    claim:
      'An operation that completes at once queues its completion routine all the same; it does not run within the call.',
    lecture: {
      lines: '131',
      says: 'The functions of completed operations are in the APC queue and are called one after another.',
    },
    windows: AT_ONCE,
    does: 'Receives data that has already arrived, with a routine, and then waits alertably.',
    quick: true,
    deadlineSeconds: 10,
    notifiers: ['completion-routine'],
    figures: [
      callError,
      { name: 'ranInCall', unit: 'yes', what: 'the routine ran within the call' },
      { name: 'ranInWait', unit: 'yes', what: 'the routine ran in the alertable wait' },
    ],
  },
  {
    name: 'at-once-posts-completion',
    family: 'at once',
    claim: 'An operation that completes at once posts its packet to the port all the same.',
    lecture: {
      lines: '41',
      says: 'The models differ in how they notify: event object, callback, APC queue, IOCP.',
    },
    windows: AT_ONCE,
    does: 'Receives data that has already arrived, on a socket of a completion port.',
    quick: true,
    deadlineSeconds: 10,
    notifiers: ['iocp'],
    figures: [
      callError,
      { name: 'packets', unit: 'count', what: 'packets of it' },
      { name: 'packetBytes', unit: 'bytes', what: 'that the packet reported; 4 were sent' },
    ],
  },
  {
    name: 'skip-on-success-posts-none',
    family: 'at once',
    claim:
      'With FILE_SKIP_COMPLETION_PORT_ON_SUCCESS an operation that completes at once posts no packet; one that was pending does.',
    lecture: null,
    windows: {
      says: 'If a request returns success immediately, no packet is queued to the port.',
      source:
        'https://learn.microsoft.com/en-us/windows/win32/api/winbase/nf-winbase-setfilecompletionnotificationmodes',
    },
    does: 'Sets the mode, receives data that has already arrived, and waits 100 ms for a packet; then receives data that arrives later.',
    quick: true,
    deadlineSeconds: 10,
    notifiers: ['iocp'],
    figures: [
      callError,
      {
        name: 'packetsOfAtOnce',
        unit: 'count',
        what: 'packets of the receive that completed at once',
      },
      { name: 'packetsOfPending', unit: 'count', what: 'packets of the receive that was pending' },
    ],
  },
  {
    name: 'routine-beats-event',
    family: 'signalling',
    claim: 'Given both an event and a completion routine, an operation runs the routine.',
    lecture: {
      lines: '72',
      says: 'Event and callback cannot be used together; given both, it works by callback.',
    },
    windows: {
      says: 'If lpCompletionRoutine is not null, hEvent is ignored and can be used by the application to pass context.',
      source: winsock('wsarecv'),
    },
    does: 'Receives with both, sends, waits alertably, and checks both.',
    quick: true,
    deadlineSeconds: 10,
    notifiers: ['completion-routine'],
    figures: [
      { name: 'routineRan', unit: 'yes', what: 'the routine ran' },
      { name: 'eventSignalled', unit: 'yes', what: 'the event was signalled' },
    ],
  },
  {
    name: 'socket-event-stays-signalled',
    family: 'signalling',
    claim:
      'An event of WSACreateEvent is manual-reset: it is still signalled after a wait, until it is reset.',
    lecture: {
      lines: '99, 137',
      says: 'WSACreateEvent wraps an ordinary kernel event but has no auto-reset: always manual, reset by WSAResetEvent.',
    },
    windows: {
      says: 'WSACreateEvent creates a manual-reset event object in the non-signalled state.',
      source: winsock('wsacreateevent'),
    },
    does: 'Waits for a new event four times: as it is, after WSASetEvent twice, after WSAResetEvent.',
    quick: true,
    deadlineSeconds: 10,
    notifiers: ['event', 'event-select'],
    figures: [
      { name: 'signalledAtFirst', unit: 'yes', what: 'signalled when new' },
      { name: 'signalledInFirstWait', unit: 'yes', what: 'signalled in the first wait once set' },
      { name: 'signalledInSecondWait', unit: 'yes', what: 'still signalled in the second' },
      { name: 'signalledAfterReset', unit: 'yes', what: 'signalled after the reset' },
    ],
  },
  {
    name: 'wait-takes-64-handles',
    family: 'handle limit',
    claim: 'One wait accepts 64 handles, and refuses 65.',
    lecture: {
      lines: '101–102',
      says: 'WSAWaitForMultipleEvents does what WaitForMultipleObjects does.',
    },
    windows: {
      says: 'The maximum number of event object handles is WSA_MAXIMUM_WAIT_EVENTS (64).',
      source: winsock('wsawaitformultipleevents'),
    },
    does: 'Waits for 64 events of which the last is signalled, and for 65.',
    quick: true,
    deadlineSeconds: 10,
    notifiers: ['event', 'event-select'],
    figures: [
      { name: 'answerOf64', unit: 'code', what: 'result of the wait for 64 (63: the last one)' },
      { name: 'answerOf65', unit: 'code', what: 'result of the wait for 65 (4294967295: failed)' },
      { name: 'errorOf65', unit: 'code', what: 'its error (87: WSA_INVALID_PARAMETER)' },
    ],
  },
  {
    name: 'routine-needs-alertable-wait',
    family: 'alertable wait',
    claim:
      'A completion routine runs only on the thread that issued the operation, and only in an alertable wait.',
    lecture: {
      lines: '131',
      says: 'The functions of completed operations are in the APC queue and are called one after another.',
    },
    windows: {
      says: 'The routine is called only when the thread that issued the call is in an alertable wait state.',
      source: winsock('wsarecv'),
    },
    does: 'Receives with a routine and sends; then waits 60 ms without being alertable, 60 ms alertably on another thread, and finally alertably on its own thread.',
    quick: true,
    deadlineSeconds: 10,
    notifiers: ['completion-routine'],
    figures: [
      { name: 'ranInPlainWait', unit: 'yes', what: 'it ran in the wait that is not alertable' },
      { name: 'ranOnOtherThread', unit: 'yes', what: "it ran in the other thread's wait" },
      {
        name: 'ranInAlertableWait',
        unit: 'yes',
        what: 'it ran in the alertable wait, and not before',
      },
      {
        name: 'sleepAnswer',
        unit: 'code',
        what: 'what SleepEx then returned (192: WAIT_IO_COMPLETION)',
      },
    ],
  },
  {
    name: 'alertable-wait-returns-io-completion',
    family: 'alertable wait',
    claim: 'An alertable wait that ran a completion routine returns WSA_WAIT_IO_COMPLETION.',
    lecture: {
      lines: '103',
      says: 'The value WSA_WAIT_FAILED may be returned, which stands for the alertable wait.',
    },
    correction:
      'The names were confused: WSA_WAIT_FAILED (4294967295) means that the wait failed. A wait that ended because routines ran returns WSA_WAIT_IO_COMPLETION (192), as this probe shows.',
    windows: {
      says: 'WSA_WAIT_IO_COMPLETION: the wait was ended by one or more completion routines that were run.',
      source: winsock('wsawaitformultipleevents'),
    },
    does: 'Receives with a routine, sends, and waits alertably for an event that is never set.',
    quick: true,
    deadlineSeconds: 10,
    notifiers: [],
    figures: [
      { name: 'waitResult', unit: 'code', what: 'what the wait returned' },
      { name: 'routineRan', unit: 'yes', what: 'the routine ran' },
    ],
  },
];
