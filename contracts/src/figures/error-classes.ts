/** Errors that a fleet attributes to the server or the network; one counter each. */
export const FLEET_ERROR_CLASSES = {
  connectFailed: 'a connection was refused or failed',
  connectTimedOut:
    'a connection was not established, its login not over, or (churn) not closed by the server, within `connectTimeoutMs`',
  disconnectedByServer: 'the server closed or reset a session that the fleet had not ended',
  corrupt:
    'an echo whose CRC, header, sequence or (raw) bytes match no message that was sent, or what the description of a protocol does not have',
  outOfOrder: 'an echo that arrived after the echo of a later message of its session',
  duplicate: 'an echo of a message that had been echoed before',
  notReceivedInTime:
    'no echo within `echoTimeoutMs` of the actual send, or before the drain was over',
  errorAnswer: 'an answer that reports an error (`errors` of a described protocol)',
  deliveryMissing:
    "a message of the session's zone, between its join and its leave, that never came and that no policy left out",
  deliveryDuplicate: "a message of the session's zone that had come before",
  deliveryOutOfOrder: "a message of the session's zone that came after a later one",
  deliveryAfterLeave: 'a message of the zone that came after the answer to the leave',
} as const;
export type FleetErrorClass = keyof typeof FLEET_ERROR_CLASSES;

/** Errors that a server counts; one counter each. */
export const SERVER_ERROR_CLASSES = {
  acceptFailed:
    'accept returned an error while the server was running, or the system refused the thread that the session needed',
  malformedFrame: 'a frame whose length or reserved field is not valid; its session was closed',
  oversizedFrame: 'a frame longer than `maxFrameBytes`; its session was closed',
  checksumMismatch: 'a frame whose CRC-32C is wrong; its session was closed',
  sendOverflow: 'a peer that read too slowly for `sendQueueBytes`; its session was closed',
  receiveFailed: 'a receive that failed while the session was open, except resets',
  sendFailed: 'a send that failed while the session was open, except resets',
  peerReset:
    'an open session that its peer reset, except resets that a fleet made on purpose (abortiveShare)',
  queueOverflow:
    'a message that arrived while `queueLimit` messages waited for its content thread; its session was closed',
  wrongOwner: 'a message handled by a thread, or as a content, that did not own the player',
  outOfTurn: 'a message handled after a later one of its session',
  playersUnbalanced: 'a snapshot in which joins − leaves was not the number of live players',
} as const;
export type ServerErrorClass = keyof typeof SERVER_ERROR_CLASSES;

export type ErrorClass = FleetErrorClass | ServerErrorClass;
export const ERROR_CLASSES = { ...FLEET_ERROR_CLASSES, ...SERVER_ERROR_CLASSES } as const;
