// Probes of overlapped file IO (the lecture's first homework) and how sockets differ.
import type { Probe } from './probe.ts';
import { fileapi } from './sources.ts';

const HOMEWORK = {
  lines: '134, 145',
  says: 'Find out what is wrong with the overlapped file example of the book, how it works, and how sockets differ; try it.',
};

export const FILE_PROBES: readonly Probe[] = [
  {
    name: 'file-needs-overlapped-flag',
    family: 'file io',
    claim: 'A file takes overlapped IO only if it was opened with FILE_FLAG_OVERLAPPED.',
    lecture: { lines: '45', says: 'A file opened with CreateFile supports asynchronous IO, too.' },
    correction:
      'Only if requested: CreateFile must be given FILE_FLAG_OVERLAPPED. Without it every operation on the handle is synchronous, and a completion port refuses it.',
    windows: {
      says: 'The handle that is associated with a completion port must have been opened with FILE_FLAG_OVERLAPPED.',
      source: fileapi('createfilew'),
    },
    does: 'Opens a file with the flag and one without, and gives each to a completion port.',
    quick: true,
    deadlineSeconds: 10,
    notifiers: [],
    rows: ['with the flag', 'without the flag'],
    figures: [
      { name: 'portError', unit: 'code', what: 'error of CreateIoCompletionPort (87: refused)' },
    ],
  },
  {
    name: 'file-io-is-reported',
    family: 'file io',
    claim:
      'Every overlapped operation of a file is reported by its event, routine or port, whether it completes at once or later.',
    lecture: HOMEWORK,
    windows: {
      says: 'Even when a file is opened for asynchronous IO, the system may complete an operation synchronously: data that is cached, writes that extend the file. Asynchronous operations may complete in any order.',
      source:
        'https://learn.microsoft.com/en-us/previous-versions/troubleshoot/windows/win32/asynchronous-disk-io-synchronous',
    },
    does: 'Issues eight operations of 4 KiB at increasing offsets, and only then checks which completions are reported, and in which order: four kinds of work × three kinds of notification.',
    quick: false,
    deadlineSeconds: 30,
    notifiers: [],
    rows: ['cached read', 'unbuffered read', 'overwrite', 'extending write'].flatMap((work) =>
      ['event', 'routine', 'port'].map((notice) => `${work}, ${notice}`),
    ),
    figures: [
      { name: 'operations', unit: 'count', what: 'operations issued' },
      {
        name: 'saidPending',
        unit: 'count',
        what: 'whose call returned ERROR_IO_PENDING',
        mayBeNull: 'ReadFileEx and WriteFileEx do not report it',
      },
      {
        name: 'completedOnReturn',
        unit: 'count',
        what: 'that were complete in memory when the call returned',
      },
      { name: 'meanCallUs', unit: 'us', what: 'mean time in the call' },
      { name: 'reported', unit: 'count', what: 'operations whose completion was reported' },
      {
        name: 'reportedOutOfOrder',
        unit: 'count',
        what: 'reported after one that was issued later',
        mayBeNull: 'events have no order',
      },
    ],
  },
  {
    name: 'same-offset-overwrites',
    family: 'file io',
    claim:
      'Two overlapped writes at the same offset of a file leave one block; two sends arrive one after the other.',
    lecture: HOMEWORK,
    windows: {
      says: 'The offset of a write is that of its OVERLAPPED; an asynchronous handle has no file position. Offset is not used for sockets.',
      source: fileapi('writefile'),
    },
    does: 'Issues two overlapped writes of 4 KiB at offset 0 of a file, and sends the same two blocks on a connection.',
    quick: false,
    deadlineSeconds: 10,
    notifiers: [],
    rows: ['file', 'socket'],
    figures: [
      { name: 'writtenBytes', unit: 'bytes', what: 'written or sent' },
      { name: 'arrivedBytes', unit: 'bytes', what: 'size of the file, or received' },
      {
        name: 'secondIsSeen',
        unit: 'yes',
        what: 'the second block is visible (socket: after the first)',
      },
    ],
  },
  {
    name: 'reads-name-their-offset',
    family: 'file io',
    claim:
      'Two overlapped reads at the same offset of a file return the same bytes; two receives return one part after the other.',
    lecture: HOMEWORK,
    windows: {
      says: 'The offset of a read is that of its OVERLAPPED, and the system does not move a file position for an asynchronous handle.',
      source: fileapi('readfile'),
    },
    does: 'Reads 4 KiB at offset 0 of a file twice, and receives 4 KiB twice from a connection.',
    quick: false,
    deadlineSeconds: 10,
    notifiers: [],
    rows: ['file', 'socket'],
    figures: [
      {
        name: 'sameBytesAgain',
        unit: 'yes',
        what: 'the second returned the same bytes as the first',
      },
    ],
  },
];
