// Probes of pending and blocking calls, of send buffers, and of which thread a call's CPU time
// counts for.
import type { Probe } from './probe.ts';
import { winsock } from './sources.ts';

export const PENDING_PROBES: readonly Probe[] = [
  {
    name: 'overlapped-receive-pends',
    family: 'pending',
    claim:
      'An overlapped receive with no data returns at once with WSA_IO_PENDING; a blocking one blocks.',
    lecture: {
      lines: '39, 82',
      says: 'Where a call would have to block, an overlapped one returns instead. WSA_IO_PENDING corresponds to the WSAEWOULDBLOCK of a non-blocking socket and is not treated as an error.',
    },
    correction:
      'The two codes are alike in that neither is a failure, but they say different things: after WSA_IO_PENDING the operation is under way and a completion will come; after WSAEWOULDBLOCK nothing was begun.',
    windows: {
      says: 'WSA_IO_PENDING: the overlapped operation has been initiated and completion will be indicated later.',
      source: winsock('wsarecv'),
    },
    does: 'Receives overlapped on an idle connection and only then, on the same thread, lets the peer send; receives blocking while another thread sends after 100 ms.',
    quick: true,
    deadlineSeconds: 10,
    notifiers: ['iocp', 'completion-routine', 'event'],
    figures: [
      { name: 'overlappedCallUs', unit: 'us', what: 'time in the overlapped call' },
      { name: 'overlappedCallError', unit: 'code', what: 'its error (997: WSA_IO_PENDING)' },
      { name: 'completedAfterData', unit: 'yes', what: 'it completed when data had come' },
      { name: 'blockingCallMs', unit: 'ms', what: 'time in the blocking call, data after 100 ms' },
    ],
  },
  {
    name: 'blocking-send-needs-room',
    family: 'send buffers',
    claim:
      "A blocking send returns at once while the socket's send buffer has room, and blocks when it has none.",
    lecture: {
      lines: '36',
      says: 'A send copies into the send buffer in non-paged pool and leaves while that has room, which is no blocking; when it has none, the call begins an IO and blocks.',
    },
    windows: {
      says: 'If no buffer space is available within the transport system, send blocks unless the socket has been placed in non-blocking mode.',
      source: winsock('send'),
    },
    does: 'Sends 4 KiB at a time to a peer that does not read, both buffers set to 16 KiB, until a call blocks; a send timeout of 200 ms ends it.',
    quick: true,
    deadlineSeconds: 10,
    notifiers: [],
    figures: [
      { name: 'takenBytes', unit: 'bytes', what: 'sent before a call blocked' },
      { name: 'longestCallWithRoomUs', unit: 'us', what: 'longest call that did not block' },
      { name: 'callWithoutRoomMs', unit: 'ms', what: 'time in the call that blocked; 0: none did' },
    ],
  },
  {
    name: 'overlapped-send-pends',
    family: 'send buffers',
    claim:
      'An overlapped send with a full send buffer goes pending, and completes when the peer reads.',
    lecture: {
      lines: '34–39',
      says: 'A function that does not block is certainly not doing device IO. Overlapped means: I shall not block, whether the work is complete or not.',
    },
    correction:
      'Holds for synchronous calls only. An overlapped call returns while its IO is still to be done, as this probe shows: the call comes back at once and the bytes leave later.',
    windows: {
      says: 'If the operation cannot be completed immediately, WSASend returns SOCKET_ERROR with WSA_IO_PENDING; the data is sent later.',
      source: winsock('wsasend'),
    },
    does: 'Sends overlapped to a peer that does not read, until a send stays pending; then the peer reads.',
    quick: true,
    deadlineSeconds: 10,
    notifiers: ['iocp', 'completion-routine', 'event'],
    figures: [
      { name: 'takenBytes', unit: 'bytes', what: 'sent before a send stayed pending' },
      { name: 'callWithoutRoomError', unit: 'code', what: 'its error (997: WSA_IO_PENDING)' },
      { name: 'callWithoutRoomUs', unit: 'us', what: 'time in that call' },
      { name: 'completedAfterRead', unit: 'yes', what: 'it completed, whole, as the peer read' },
    ],
  },
  {
    name: 'system-call-is-the-callers',
    family: 'callers thread',
    claim:
      "A system call runs on the caller's own thread: busy ones burn that thread's kernel time, a blocked one burns none.",
    lecture: {
      lines: '18–24',
      says: 'Which thread does the work of a call into the kernel? Mine: it is running, but kernel code. That is not to be confused with being blocked by IO, when it gives its quantum up.',
    },
    windows: {
      says: 'GetThreadTimes tells the time that a thread has executed in kernel mode.',
      source:
        'https://learn.microsoft.com/en-us/windows/win32/api/processthreadsapi/nf-processthreadsapi-getthreadtimes',
    },
    does: 'Reads a file out of the cache until 100 ms of kernel time are booked to the thread, 4 s at most; then blocks 400 ms in a receive.',
    quick: false,
    deadlineSeconds: 10,
    notifiers: [],
    figures: [
      { name: 'busyCalls', unit: 'count', what: 'busy calls' },
      { name: 'busyMs', unit: 'ms', what: 'how long they took' },
      { name: 'busyKernelMs', unit: 'ms', what: 'kernel time of the thread meanwhile' },
      { name: 'busyUserMs', unit: 'ms', what: 'its user time meanwhile' },
      { name: 'blockedMs', unit: 'ms', what: 'time in the blocked call' },
      { name: 'blockedCpuMs', unit: 'ms', what: 'CPU time of the thread meanwhile' },
    ],
  },
];
