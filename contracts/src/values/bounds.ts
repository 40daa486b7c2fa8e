const KIB = 1024;
const MIB = 1024 * KIB;

/**
 * The bounds of whatever comes from outside, each checked before the thing is decoded: what is too
 * large is refused by its bytes, what inflates by the bytes that come out, what nests by its levels.
 */
export const BOUNDS = {
  /** A request to the API; an import has bounds of its own. */
  request: {
    /** A matrix of a thousand cells with a page of thresholds is far below this. */
    bytes: 256 * KIB,
    /** From its first byte to its last, an import included. */
    arrivesWithinMs: 15 * 60_000,
    /** Problems that are found; with more, nothing else of the value is looked at. */
    problemsFound: 1000,
    /** Problems that are answered; the number of the others is. */
    problemsAnswered: 20,
    /** Characters of its URL that a line of the log has. */
    loggedUrl: 1000,
  },
  /** Also a spec file that the CLI reads, which becomes the body of a request. */
  spec: {
    bytes: 256 * KIB,
    /** Objects and lists within one another; no spec is nested this deep. */
    depth: 50,
    /** In YAML, each of them in all: the library looks for every alias among all anchors. */
    anchors: 100,
    aliases: 100,
    /** In YAML, keys included, as written and as aliases of aliases blow it up. */
    values: 20_000,
    /** Labels that an agent must have; an identity has no more. */
    labels: 50,
    /** Of a list that is looked through for mistakes; no list of a request may have as many. */
    itemsSearched: 2000,
  },
  /** The file of a soak, packed and unpacked. */
  soakFile: {
    bytes: 1024 * MIB,
    /** A line is in memory as a whole. A fleet's line of 1,440 windows is a third of this. */
    lineBytes: 16 * MIB,
    /** Of the process that reads it, which has one run in memory as a whole. */
    heapMiB: 640,
  },
  /** To Redis, of an agent that joined; a real one has fewer than ten. */
  connections: { perAgent: 32 },
  /** What an agent writes of itself; the capabilities of a real one are two KiB. */
  registration: { bytes: 64 * KIB },
  /** What an agent writes of one requested probe; the answer with the most figures is a tenth of this. */
  probe: { bytes: 64 * KIB },
  /** What an agent writes of a part of a run. A fleet's result of 1,440 windows is a third of this. */
  report: { bytes: 16 * MIB },
  /** What an agent writes of one second. */
  sample: { bytes: 256 * KIB },
  /** What agents that joined send to be passed on to the receiver of telemetry. */
  telemetry: {
    /** One delivery; 512 spans, or the metrics of an agent with sixteen parts, are a tenth of this. */
    bytes: 4 * MIB,
    /** That are under way at a time, of one agent and of all of them: each is in memory as a whole. */
    perAgent: 4,
    ofAll: 32,
  },
  /**
   * Of the reports, and of the samples, that a control plane has read and not yet processed. The one
   * that reaches it is the last to be read.
   */
  entriesHeld: { bytes: 32 * MIB },
  /** Every bucket of the range with a count of nine bytes is a third of this. */
  histogram: { inflatedBytes: MIB },
} as const;
