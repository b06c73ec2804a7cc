// What a child and everything it started use, read from /proc. Knows nothing of limits.
import { readdirSync, readFileSync } from 'node:fs';

export type Use = {
  /** Resident, of all processes together. */
  megabytes: number;
  /** User and system time of all that live, and of the dead that they waited for. */
  processorSeconds: number;
  /** Processes and threads. */
  tasks: number;
};

/** The unit of times in /proc, the same on every Linux that Node runs on. */
const ticksPerSecond = 100;

/** Whether this host tells a process's children. */
export function canWatch(): boolean {
  return childrenOf(process.pid) !== null;
}

/** All zero where it is gone, or where the host has no /proc. */
export function useOf(pid: number): Use {
  const use = { megabytes: 0, processorSeconds: 0, tasks: 0 };
  for (const member of family(pid)) {
    const status = read(`/proc/${member}/status`);
    const kilobytes = Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0);
    const threads = Number(/^Threads:\s+(\d+)/m.exec(status)?.[1] ?? 0);
    // After the name, which may hold anything: field 3 of proc(5) comes first, so utime, stime, cutime and cstime are 11 to 14.
    const fields = read(`/proc/${member}/stat`).replace(/^.*\) /s, '').split(' ');
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    use.megabytes += kilobytes / 1024;
    use.processorSeconds += ticks / ticksPerSecond;
    use.tasks += threads;
  }
  return use;
}

/** A process and all its descendants. */
export function family(pid: number): number[] {
  return [pid, ...(childrenOf(pid) ?? []).flatMap(family)];
}

/** Null where the process is gone, or where this host does not tell. */
function childrenOf(pid: number): number[] | null {
  try {
    const ofTask = (task: string) => read(`/proc/${pid}/task/${task}/children`, true).split(' ').filter(Boolean);
    return readdirSync(`/proc/${pid}/task`).flatMap(ofTask).map(Number);
  } catch {
    return null;
  }
}

/** Empty for what is gone, or throws where that is asked for. */
function read(path: string, strict = false): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (strict) throw error;
    return '';
  }
}
