// What stands out, right below the headline: each finding leads to the part of the page that shows it.
import { findingsOf, type Evidence } from './findings';

export function Findings(evidence: Evidence) {
  const found = findingsOf(evidence);
  if (found.length === 0) return null;
  return (
    <section aria-labelledby="findings" className="mt-7">
      <h2 id="findings" className="text-title font-semibold">
        What stands out
      </h2>
      <ul className="mt-2 grid grid-cols-1 gap-x-10 gap-y-4 md:grid-cols-2 xl:grid-cols-3">
        {found.map(({ section, title, text }) => (
          <li key={title} className="border-t border-line pt-2">
            <a href={`#${section}`} className="link font-medium">
              {title}
            </a>
            <p className="figures mt-0.5 text-small text-muted">{text}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}
