// Every limit a student, a model or a worker can meet, with its unit in its name. Shown on the site from here.

export const limits = {
  uploadBytes: 100 * 1024 * 1024,
  uploadFiles: 16,
  /** From a request's first byte to its last. */
  uploadMinutes: 30,
  /** Without a byte of it. */
  uploadSilenceSeconds: 30,
  uploadsAtOncePerUser: 4,
  /** A whole class may sit behind one, and upload in its last minute over one line. */
  uploadsAtOncePerAddress: 400,
  rosterBytes: 500_000,
  rosterRows: 5000,
  unpackedBytes: 200 * 1024 * 1024,
  /** A receipt of the largest protocol has a tenth of it. */
  receiptBytes: 64 * 1024 * 1024,
  draftHours: 24,
  draftsPerStudent: 20,
  graphNodes: 20_000,
  tensorElements: 50_000_000,
  flopsPerImage: 1e9,
  inspectSeconds: 30,
  inspectHeapMegabytes: 1024,
  childMegabytes: 2048,
  /** Threads are counted too. */
  childProcesses: 64,
  childOpenFiles: 256,
  childFileBytes: 0,
  /** All that a child says about one shard. */
  answerMegabytes: 16,
  sessionSeconds: 60,
  silenceSeconds: 60,
  shardSeconds: 20,
  /** Shards of one submission that are estimated to take no longer together are one job: starting a child takes as long. */
  jobSeconds: 0.5,
  /** One shard's, of a child's whole process tree; many times its estimate. */
  shardProcessorSeconds: 400,
  /** Longer than its processor time, since a busy machine is nobody's fault. */
  shardWallSeconds: 600,
  /** Processor time of one evaluation, whatever its estimate. */
  budgetSeconds: 1800,
  /** Times its estimate, where that is more. */
  budgetMultiple: 20,
  childLifeSeconds: 3 * 3600,
  heartbeatSeconds: 5,
  workerSilenceSeconds: 20,
} as const;
