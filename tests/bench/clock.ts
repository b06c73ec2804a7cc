// The clock of the bench: processor time, which a neighbour on the machine disturbs less than the time of day.

/** Starts a clock; each call returns the seconds of processor time, all threads and the system's share, that this process took since. */
export function processorClock(): () => number {
  const start = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1e6;
  };
}
