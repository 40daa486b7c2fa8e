// Pending and blocking; send buffers; whose time a call takes.
import { OVERLAPPED_NOTIFIERS } from '../options/matrix.ts';
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
      'Neither code is a failure, but their meanings differ: after WSA_IO_PENDING the operation is in progress and a completion will come; after WSAEWOULDBLOCK nothing was started.',
    windows: {
      says: 'WSA_IO_PENDING: the overlapped operation has been initiated and completion will be indicated later.',
      source: winsock('wsarecv'),
    },
    does: 'Posts an overlapped receive on an idle connection, and only then, on the same thread, lets the peer send. Then makes a blocking receive, while another thread sends after 100 ms.',
    quick: true,
    deadlineSeconds: 10,
    notifiers: OVERLAPPED_NOTIFIERS,
    figures: [
      { name: 'overlappedCallUs', unit: 'us', what: 'time in the overlapped call' },
      { name: 'overlappedCallError', unit: 'code', what: 'its error (997: WSA_IO_PENDING)' },
      { name: 'completedAfterData', unit: 'yes', what: 'it completed when data had arrived' },
      { name: 'blockingCallMs', unit: 'ms', what: 'time in the blocking call, data after 100 ms' },
    ],
  },
  {
    name: 'blocking-send-needs-room',
    family: 'send buffers',
    claim:
      "A blocking send returns at once while the socket's send buffer has room, and blocks when the buffer is full.",
    lecture: {
      lines: '36',
      says: 'A send copies into the send buffer in non-paged pool and returns while that has room, which is not blocking; when it is full, the call starts an IO and blocks.',
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
      'An overlapped send with a full send buffer becomes pending, and completes when the peer reads.',
    lecture: {
      lines: '34–39',
      says: 'A function that does not block is certainly not doing device IO. Overlapped means: the call will not block, whether the work is complete or not.',
    },
    correction:
      'Holds for synchronous calls only. An overlapped call returns before its IO is done, as this probe shows: the call returns at once and the bytes leave later.',
    windows: {
      says: 'If the operation cannot be completed immediately, WSASend returns SOCKET_ERROR with WSA_IO_PENDING; the data is sent later.',
      source: winsock('wsasend'),
    },
    does: 'Issues overlapped sends to a peer that does not read, until a send stays pending; then the peer reads.',
    quick: true,
    deadlineSeconds: 10,
    notifiers: OVERLAPPED_NOTIFIERS,
    figures: [
      { name: 'takenBytes', unit: 'bytes', what: 'sent before a send stayed pending' },
      { name: 'callWithoutRoomError', unit: 'code', what: 'its error (997: WSA_IO_PENDING)' },
      { name: 'callWithoutRoomUs', unit: 'us', what: 'time in that call' },
      {
        name: 'completedAfterRead',
        unit: 'yes',
        what: 'it completed, in full, while the peer read',
      },
    ],
  },
  {
    name: 'send-outlives-the-peers-end',
    family: 'send buffers',
    claim:
      'A send that was accepted delivers all of its bytes, also when the peer ends its own side before it reads them.',
    lecture: null,
    windows: {
      says: 'When a side has ended its sending, the other may still send; the connection ends when both have.',
      source:
        'https://learn.microsoft.com/en-us/windows/win32/winsock/graceful-shutdown-linger-options-and-socket-closure-2',
    },
    does: 'Sends to a peer that does not read, once without blocking until no more is taken and once overlapped, and watches the socket for data; the peer ends its side and then reads.',
    quick: false,
    deadlineSeconds: 10,
    notifiers: [],
    rows: ['non-blocking', 'overlapped'],
    figures: [
      { name: 'acceptedBytes', unit: 'bytes', what: 'that the system said it takes' },
      { name: 'arrivedBytes', unit: 'bytes', what: 'that the peer read' },
    ],
  },
  {
    name: 'system-call-is-the-callers',
    family: 'callers thread',
    claim:
      "A system call runs on the caller's own thread: a busy call uses that thread's kernel time, a blocked call uses none.",
    lecture: {
      lines: '18–24',
      says: 'Which thread does the work of a call into the kernel? The caller: it is running, but in kernel code. That is not the same as being blocked by IO, when it gives up its quantum.',
    },
    windows: {
      says: 'GetThreadTimes reports the time that a thread has executed in kernel mode.',
      source:
        'https://learn.microsoft.com/en-us/windows/win32/api/processthreadsapi/nf-processthreadsapi-getthreadtimes',
    },
    does: 'Reads a file from the cache until the thread has used 100 ms of kernel time, for 4 s at most; then blocks for 400 ms in a receive.',
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
