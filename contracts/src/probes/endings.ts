// What ends an operation; what the network adapter does itself.
import { OVERLAPPED_NOTIFIERS } from '../options/matrix.ts';
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
      'Closing a socket completes its outstanding operations with an error, and no memory is touched afterwards.',
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
      'CancelIoEx completes an outstanding operation with an error and keeps the connection; no memory is touched afterwards.',
    lecture: LECTURE,
    windows: {
      says: 'A cancelled operation completes with ERROR_OPERATION_ABORTED; the completion still comes, and the OVERLAPPED must be kept until then.',
      source: 'https://learn.microsoft.com/en-us/windows/win32/fileio/cancelioex-func',
    },
    does: 'Posts a receive to a port, cancels it, takes the packet; then the peer sends. The memory is kept throughout, with a canary in it.',
    quick: true,
    deadlineSeconds: 10,
    notifiers: OVERLAPPED_NOTIFIERS,
    figures: [
      { name: 'cancelResult', unit: 'yes', what: 'CancelIoEx returned success' },
      ...packetFigures,
      {
        name: 'connectionLives',
        unit: 'yes',
        what: 'data that the peer then sent can be received',
      },
    ],
  },
  {
    name: 'thread-exit-ends-operations',
    family: 'endings',
    claim: "A thread's exit aborts the operations that it has issued and that report by event.",
    lecture: null,
    windows: {
      says: 'All IO initiated by a given thread is cancelled when that thread exits. (The second row shows what happens with a completion port; nothing is expected of it.)',
      source: winsock('wsarecv'),
    },
    does: 'Lets a thread post a receive and exit, once with an event and once on a socket of a port; then the peer sends. The memory is kept throughout, with a canary in it.',
    quick: true,
    deadlineSeconds: 10,
    notifiers: [],
    rows: ['by event', 'by port'],
    figures: [
      { name: 'error', unit: 'code', what: 'how it ended (995: aborted, 996: still outstanding)' },
      {
        name: 'bufferTouched',
        unit: 'yes',
        what: 'the data that the peer sent was written to the buffer',
      },
    ],
  },
  {
    name: 'adapters-segment',
    family: 'offload',
    claim: 'A network adapter splits large sends into segments itself.',
    lecture: {
      lines: '27–28',
      says: 'Splitting data to the MSS, which used to be done in L4 and L3, is done by the Ethernet card today; so a capture shows packets larger than the MSS.',
    },
    windows: {
      says: 'Drivers state with the standardised keywords *LsoV1IPv4, *LsoV2IPv4 and *LsoV2IPv6 whether large send offload is enabled, and with *RscIPv4 and *RscIPv6 whether received segments are coalesced.',
      source:
        'https://learn.microsoft.com/en-us/windows-hardware/drivers/network/using-registry-values-to-enable-and-disable-task-offloading',
    },
    does: "Reads these settings from every adapter's driver. A driver without them is not counted.",
    quick: true,
    deadlineSeconds: 10,
    notifiers: [],
    figures: [
      { name: 'adapters', unit: 'count', what: 'adapters whose driver has the settings' },
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
