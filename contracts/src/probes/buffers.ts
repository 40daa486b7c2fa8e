// Probes of socket flags, buffers and byte counts.
import type { Probe } from './probe.ts';
import { winsock } from './sources.ts';

export const BUFFER_PROBES: readonly Probe[] = [
  {
    name: 'socket-is-overlapped',
    family: 'socket flags',
    claim:
      'socket() makes a socket that takes overlapped operations; WSASocket without WSA_FLAG_OVERLAPPED does not.',
    lecture: {
      lines: '44',
      says: 'A socket made by socket() supports asynchronous IO; WSASocket must be given the overlapped flag.',
    },
    windows: {
      says: 'The overlapped attribute is set on a socket of socket() by default; with WSASocket it is set by WSA_FLAG_OVERLAPPED.',
      source: winsock('wsasocketw'),
    },
    does: 'Receives overlapped on a socket of each making, for which data comes after 150 ms.',
    quick: true,
    deadlineSeconds: 10,
    notifiers: ['iocp', 'completion-routine', 'event'],
    rows: ['socket()', 'WSASocket, with the flag', 'WSASocket, without the flag'],
    figures: [
      { name: 'callError', unit: 'code', what: 'error of the receive (997: WSA_IO_PENDING)' },
      { name: 'callMs', unit: 'ms', what: 'time in the receive' },
      { name: 'returnedBeforeData', unit: 'yes', what: 'it returned before the data was sent' },
    ],
  },
  {
    name: 'wsabuf-may-be-discarded',
    family: 'buffers',
    claim: 'The array of WSABUF may be discarded as soon as the call has returned.',
    lecture: {
      lines: '49, 80',
      says: 'The WSABUF is only a shell and need not be kept; a local variable will do. What must be kept is its buf.',
    },
    windows: {
      says: 'The system captures the WSABUF structures before the call returns, so an application can build them on the stack.',
      source: winsock('wsarecv'),
    },
    does: 'Keeps the array in pages of its own and forbids all access to them after the call, while the receive is pending; then the peer sends.',
    quick: true,
    deadlineSeconds: 10,
    notifiers: ['iocp', 'completion-routine', 'event'],
    figures: [
      { name: 'bytes', unit: 'bytes', what: 'received; 5 were sent' },
      { name: 'arrivedWhole', unit: 'yes', what: 'they arrived in the buffer that it named' },
    ],
  },
  {
    name: 'buffer-is-written-later',
    family: 'buffers',
    claim:
      'The buffer and the WSAOVERLAPPED must be kept until completion: the system writes to both after the call has returned.',
    lecture: {
      lines: '48',
      says: 'The WSAOVERLAPPED and the buf of the WSABUF are used by the device and must be kept until the IO completes.',
    },
    windows: {
      says: 'The buffers and the WSAOVERLAPPED structure must remain valid for the duration of the overlapped operation.',
      source: winsock('wsarecv'),
    },
    does: 'Keeps both, with a canary in the buffer and a forbidden page after it, and looks at them when the call has returned and again when the data has come, with no other call on the socket between.',
    quick: true,
    deadlineSeconds: 10,
    notifiers: [],
    figures: [
      {
        name: 'untouchedAfterCall',
        unit: 'yes',
        what: 'the canary stood when the call had returned',
      },
      {
        name: 'statusAfterCall',
        unit: 'code',
        what: 'Internal of the WSAOVERLAPPED then (259: pending)',
      },
      { name: 'bufferWrittenLater', unit: 'yes', what: 'the buffer was written after that' },
      {
        name: 'overlappedWrittenLater',
        unit: 'yes',
        what: 'the WSAOVERLAPPED was written after that',
      },
    ],
  },
  {
    name: 'buffers-are-one-stream',
    family: 'buffers',
    claim: 'Several WSABUFs are one stream, in their order, both sending and receiving.',
    lecture: {
      lines: '67',
      says: 'WSASend takes a pointer to WSABUFs, which makes scattered buffers possible.',
    },
    windows: {
      says: 'For a stream socket the buffers are filled, or sent, in the order in which they appear in the array.',
      source: winsock('wsasend'),
    },
    does: 'Sends three parts that lie in memory the other way round, and receives the same into three buffers.',
    quick: true,
    deadlineSeconds: 10,
    notifiers: [],
    figures: [
      { name: 'buffers', unit: 'count', what: 'buffers of one call' },
      { name: 'sentInOrder', unit: 'yes', what: 'the peer received one stream in their order' },
      { name: 'receivedInOrder', unit: 'yes', what: 'each buffer received its part' },
    ],
  },
  {
    name: 'byte-count-needs-completion',
    family: 'byte counts',
    claim:
      'The number of bytes is known only after completion: WSAGetOverlappedResult says WSA_IO_INCOMPLETE before, or waits.',
    lecture: {
      lines: '115–116, 124',
      says: 'The sent or received count that the call gives cannot be used; WSAGetOverlappedResult gives it once the work is complete, and fWait decides whether that blocks.',
    },
    windows: {
      says: 'If fWait is FALSE and the operation is pending, it returns FALSE and WSA_IO_INCOMPLETE; if TRUE, it does not return until the operation has completed.',
      source: winsock('wsagetoverlappedresult'),
    },
    does: 'Asks for the result of a pending receive without waiting, and then waiting, while another thread sends after 100 ms.',
    quick: true,
    deadlineSeconds: 10,
    notifiers: ['iocp', 'completion-routine', 'event'],
    figures: [
      { name: 'callBytes', unit: 'bytes', what: 'what the call itself gave as received' },
      {
        name: 'earlyError',
        unit: 'code',
        what: 'error of the result not waited for (996: incomplete)',
      },
      { name: 'waitMs', unit: 'ms', what: 'time in the call that waits' },
      { name: 'lateBytes', unit: 'bytes', what: 'that the result then gave; 5 were sent' },
    ],
  },
];
