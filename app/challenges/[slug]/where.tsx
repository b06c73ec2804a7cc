'use client';
// Which challenge this is and what the viewer is in it, for the pages that say no: Next gives those no parameters.
import { createContext, useContext, type ReactNode } from 'react';
import type { Standing } from '@/lib/challenges/standing';

export type Where = {
  slug: string;
  standing: Standing;
  signedIn: boolean;
  /** Of the staff, looking at the site as a student does. */
  asStudent: boolean;
};

const Context = createContext<Where | null>(null);

export function WhereProvider({ where, children }: { where: Where | null; children: ReactNode }) {
  return <Context value={where}>{children}</Context>;
}

/** Null where there is no such challenge. */
export const useWhere = (): Where | null => useContext(Context);
