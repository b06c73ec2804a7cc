// The ten classes by name, in their order, for pages and reports.
export { classNames } from '../datasets/pool.ts';
