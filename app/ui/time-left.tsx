// How long it is until a moment, in words, as of the rendering; what is near is said to the hour and stands out.
import { untilText } from './format';

const soon = 48 * 3600;

export function TimeLeft({ until }: { until: string }) {
  const seconds = (Date.parse(until) - Date.now()) / 1000;
  return <span className={seconds < soon ? 'font-semibold text-warn' : ''}>{untilText(seconds)}</span>;
}
