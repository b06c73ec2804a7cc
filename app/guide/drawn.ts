// What drawn.json holds: which attack made which picture of drawn.png. Made by tests/reference/make_guide_pictures.ts.
import type { AttackTrial, Tta } from '@/lib/evaluation/trial';

/** Places in the sprite, counted from the top left. `change` is the change around gray, full at the radius. */
export type DrawnImage = { prediction: number; place: number; change: number };
/** One image each, in the order of `Drawn.images`. */
export type DrawnAttack = { trial: AttackTrial; images: DrawnImage[] };
/** Of the first image, at most nine of the copies. */
export type DrawnPolicy = { name: string; tta: Tta; places: number[] };

export type Drawn = {
  columns: number;
  rows: number;
  /** Positions in the train split, their places and true classes. */
  images: number[];
  originals: number[];
  labels: number[];
  /** PGD at every radius of the ladder. */
  ladder: DrawnAttack[];
  /** Every attack at one radius. */
  attacks: DrawnAttack[];
  policies: DrawnPolicy[];
};
