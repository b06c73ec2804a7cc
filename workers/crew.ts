// The children of a worker: as many as it runs at once, each with at most one model in its life, fresh ones kept ready.
import type { Evaluator } from './evaluator.ts';

export type Crew = {
  /** Lends a child that has this model open, to one user at a time; opens it where none has. */
  borrow<T>(sha256: string, model: () => Promise<Uint8Array>, use: (child: Evaluator) => Promise<T>): Promise<T>;
  /** A child of nobody's, for a canary: fresh, and gone afterwards. */
  withFresh<T>(use: (child: Evaluator) => Promise<T>): Promise<T>;
  /** Ends all children at once; whoever uses one hears of it as a ChildFailure. */
  kill(): void;
};

type Slot = { child: Promise<Evaluator>; model: string | null; busy: boolean; renewal?: NodeJS.Timeout };

/** A child whose model nobody asked for again within this time gives way to a fresh one, so that the next upload finds one ready. */
const renewAfterMilliseconds = 1500;

/** `hire` starts a child and loads the data into it. */
export function crewOf(size: number, hire: () => Promise<Evaluator>): Crew {
  let dismissed = false;
  const living = new Set<Promise<Evaluator>>();

  const start = (): Promise<Evaluator> => {
    if (dismissed) return Promise.reject(new Error('The crew was dismissed.'));
    const child = hire();
    living.add(child);
    // Whoever borrows the slot hears of the failure; here it is only kept from being unhandled.
    child.catch(() => living.delete(child));
    return child;
  };
  const dismiss = (child: Promise<Evaluator>): void => {
    living.delete(child);
    void child.then((one) => one.kill(), () => {});
  };
  const renew = (slot: Slot): void => {
    dismiss(slot.child);
    Object.assign(slot, { child: start(), model: null });
  };
  const slots: Slot[] = Array.from({ length: size }, () => ({ child: start(), model: null, busy: false }));

  function choose(sha256: string): Slot {
    const idle = slots.filter((slot) => !slot.busy);
    const slot = idle.find((one) => one.model === sha256) ?? idle.find((one) => one.model === null) ?? idle[0];
    if (!slot) throw new Error(`All ${size} children are busy.`);
    if (slot.model !== null && slot.model !== sha256) renew(slot);
    return slot;
  }

  return {
    async borrow(sha256, model, use) {
      const slot = choose(sha256);
      clearTimeout(slot.renewal);
      slot.busy = true;
      try {
        const child = await slot.child;
        if (slot.model === null) {
          slot.model = sha256;
          await child.open(await model());
        }
        const result = await use(child);
        if (!dismissed) slot.renewal = setTimeout(() => renew(slot), renewAfterMilliseconds).unref();
        return result;
      } catch (error) {
        // Whatever went wrong, this child's state is no longer known.
        if (!dismissed) renew(slot);
        throw error;
      } finally {
        slot.busy = false;
      }
    },
    async withFresh(use) {
      const child = start();
      try {
        return await use(await child);
      } finally {
        dismiss(child);
      }
    },
    kill() {
      dismissed = true;
      for (const slot of slots) clearTimeout(slot.renewal);
      for (const child of living) dismiss(child);
    },
  };
}
