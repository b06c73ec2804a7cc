// A time that is left, in words that are as exact as they need to be. Pure.

/** `in 3 days 4 h`, `in 5 h 12 min`, `in 18 min 32 s`, `over`; of milliseconds. */
export function remaining(milliseconds: number): string {
  if (milliseconds <= 0) return 'over';
  const seconds = Math.ceil(milliseconds / 1000);
  const [days, hours, minutes] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600), Math.floor(seconds / 60)];
  if (days >= 2) return `in ${days} days ${hours % 24} h`;
  if (hours >= 1) return `in ${hours} h ${minutes % 60} min`;
  return minutes >= 1 ? `in ${minutes} min ${seconds % 60} s` : `in ${seconds} s`;
}
