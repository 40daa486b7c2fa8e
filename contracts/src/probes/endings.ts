// Probes of how operations end, and of the network adapter's own work.
import type { Probe, ProbeFigure } from './probe.ts';
import { oldWinsock, winsock } from './sources.ts';

const packetFigures: readonly ProbeFigure[] = [
  { name: 'packets', unit: 'count', what: 'packets of the receive' },
  {
    name: 'packetError',
    unit: 'code',
    what: 'error in its packet (995: aborted; Wine has 676 for a closed handle)',
    mayBeNull: 'no packet came',
  },
  { name: 'packetsAfterwards', unit: 'count', what: 'packets after that, when the peer had sent' },
  { name: 'bufferTouched', unit: 'yes', what: 'the canary in the buffer was written' },
];

const LECTURE = {
  lines: '48, 140',
  says: 'The WSAOVERLAPPED and the buffer must be kept until the IO completes. (The heading on ending is empty.)',
};

export const ENDING_PROBES: readonly Probe[] = [
  {
    name: 'close-ends-operations',
    family: 'endings',
    claim:
      'Closing a socket completes what is outstanding on it, with an error, and nothing is touched afterwards.',
    lecture: LECTURE,
    windows: {
      says: 'Overlapped operations that are pending are cancelled by closesocket; their completion actions are performed, with WSA_OPERATION_ABORTED.',
      source: oldWinsock('closesocket'),
    },
    does: 'Posts a receive to a port, closes the socket, takes the packet; then the peer sends. The memory is kept throughout, with a canary in it.',
    quick: true,
    deadlineSeconds: 10,
    notifiers: [],
    figures: packetFigures,
  },
  {
    name: 'cancel-ends-operations',
    family: 'endings',
    claim:
      'CancelIoEx completes an outstanding operation with an error and leaves the connection; nothing is touched afterwards.',
    lecture: LECTURE,
    windows: {
      says: 'A cancelled operation completes with ERROR_OPERATION_ABORTED; the completion still comes, and the OVERLAPPED must be kept until then.',
      source: 'https://learn.microsoft.com/en-us/windows/win32/fileio/cancelioex-func',
    },
    does: 'Posts a receive to a port, cancels it, takes the packet; then the peer sends. The memory is kept throughout, with a canary in it.',
    quick: true,
    deadlineSeconds: 10,
    notifiers: ['iocp', 'completion-routine', 'event'],
    figures: [
      { name: 'cancelAnswer', unit: 'yes', what: 'CancelIoEx said that it would' },
      ...packetFigures,
      { name: 'connectionLives', unit: 'yes', what: 'what the peer then sent can be received' },
    ],
  },
  {
    name: 'thread-exit-ends-operations',
    family: 'endings',
    claim: "A thread's exit aborts what it has issued and is told by event.",
    lecture: null,
    windows: {
      says: 'All IO initiated by a given thread is cancelled when that thread exits. (That a packet for a completion port needs no thread is seen in the second row, and nothing is expected of it.)',
      source: winsock('wsarecv'),
    },
    does: 'Lets a thread post a receive and end, once with an event and once on a socket of a port; then the peer sends. The memory is kept throughout, with a canary in it.',
    quick: true,
    deadlineSeconds: 10,
    notifiers: [],
    rows: ['by event', 'by port'],
    figures: [
      { name: 'error', unit: 'code', what: 'how it ended (995: aborted, 996: still outstanding)' },
      { name: 'bufferTouched', unit: 'yes', what: 'what the peer sent was written to the buffer' },
    ],
  },
  {
    name: 'adapters-segment',
    family: 'offload',
    claim: 'A network adapter cuts large sends into segments itself.',
    lecture: {
      lines: '27–28',
      says: 'Cutting data to the MSS, which was done in L4 and L3, is done by the Ethernet card today; so a capture shows packets larger than the MSS.',
    },
    windows: {
      says: 'Drivers say by the standardised keywords *LsoV1IPv4, *LsoV2IPv4 and *LsoV2IPv6 whether large send offload is enabled, by *RscIPv4 and *RscIPv6 whether received segments are coalesced.',
      source:
        'https://learn.microsoft.com/en-us/windows-hardware/drivers/network/using-registry-values-to-enable-and-disable-task-offloading',
    },
    does: "Reads those settings of every adapter's driver. A driver that leaves them out is not counted.",
    quick: true,
    deadlineSeconds: 10,
    notifiers: [],
    figures: [
      { name: 'adapters', unit: 'count', what: 'adapters whose driver says' },
      {
        name: 'segmentingAdapters',
        unit: 'count',
        what: 'of these, with large send offload enabled',
      },
      {
        name: 'coalescingAdapters',
        unit: 'count',
        what: 'of these, that coalesce what they receive',
      },
    ],
  },
];
