// Every perturbation at every severity, on real images: what it is, where it happens, its constants as the code has them.
import { whole, words } from '@/app/ui/format';
import { described, type Described, type Family } from '@/lib/evaluation/families';
import { imageCount } from '@/lib/evaluation/trial-id';
import type { Protocol } from '@/lib/evaluation/trial';
import { about, families } from './about-perturbations';
import { Part, Sub, Text } from './part';

const severities = [1, 2, 3, 4, 5];

/** How a protocol measures a perturbation; null when only the mixed set, or nothing, has it. */
function measuredIn(protocol: Protocol, kind: string): string | null {
  const trials = protocol.trials.flatMap((trial) => (trial.kind === 'perturbation' && trial.perturbation === kind && !trial.tta ? [trial] : []));
  if (trials.length === 0) return null;
  const levels = trials.map(({ severity }) => severity).sort();
  const at = levels.length === 1 ? `severity ${levels[0]}` : `severities ${levels[0]} to ${levels.at(-1)}`;
  const images = whole(imageCount(protocol, trials[0]));
  return `${at}, ${images} images each${trials[0].scored === false ? ', shown without counting' : ''}`;
}

export function Perturbations({ protocol }: { protocol: Protocol }) {
  const mixed = protocol.trials.some(({ kind }) => kind === 'mixed');
  const shown = described.filter(({ kind, core }) => measuredIn(protocol, kind) || (mixed && core));
  const inOrder = [...new Set(shown.map(({ family }) => family))];
  return (
    <Part id="perturbations">
      <Text>
        None of them changes what the object is: a person still names it. All are drawn from random streams of the image’s own, so an
        image gets the same angle, rectangle or grain whatever else is measured, and everybody is measured on the same images. Below are
        four training images, first as they are and then under severities 1 to 5.
      </Text>
      {mixed && <Mixed />}
      {inOrder.map((family) => (
        <FamilyOf key={family} family={family} members={shown.filter((one) => one.family === family)} protocol={protocol} />
      ))}
    </Part>
  );
}

function Mixed() {
  const core = described.filter((one) => one.core);
  return (
    <div className="space-y-2">
      <Sub id="mixed">The mixed set</Sub>
      <Text>
        Each image gets one of {core.length} perturbations and one of five severities by lot, all equally likely. It is the course’s own
        measure: one number for how a model does when it does not know what comes.
      </Text>
      <Sheet name="mixed" columns={12} rows={3} says="Thirty-six training images, each under a perturbation of its own" />
    </div>
  );
}

function FamilyOf({ family, members, protocol }: { family: Family; members: readonly Described[]; protocol: Protocol }) {
  return (
    <div className="space-y-4">
      <Sub id={`family-${family}`}>
        <span className="capitalize">{family}</span> <span className="text-base font-normal text-muted">{families[family]}</span>
      </Sub>
      <ul className="grid grid-cols-1 gap-x-10 gap-y-8 md:grid-cols-2">
        {members.map((one) => (
          <li key={one.kind} className="break-inside-avoid">
            <Perturbation described={one} measured={measuredIn(protocol, one.kind)} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Perturbation({ described: { kind, strength }, measured }: { described: Described; measured: string | null }) {
  const { what, camera } = about[kind];
  return (
    <figure className="max-w-96">
      <figcaption>
        <h4 id={`perturbation-${kind}`} className="scroll-mt-16 font-semibold">
          {words(kind)}
        </h4>
        <p className="text-small">
          {what} <span className="text-muted">Think of {camera}.</span>
        </p>
      </figcaption>
      <Sheet name={kind} columns={severities.length + 1} rows={4} says={`Four images, and the same under ${words(kind)} at severities 1 to 5`} />
      <table className="figures mt-1 w-full table-fixed text-center text-micro text-muted">
        <caption className="sr-only">
          {words(kind)}: {strength.of} by severity
        </caption>
        <thead>
          <tr>
            <th scope="col" className="font-normal">
              severity
            </th>
            {severities.map((severity) => (
              <th key={severity} scope="col" className="font-normal">
                {severity}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr className="align-top text-ink">
            <th scope="row" className="pr-1 leading-tight font-normal text-muted">
              {strength.of}
            </th>
            {strength.values.map((value, i) => (
              <td key={i}>{value}</td>
            ))}
          </tr>
        </tbody>
      </table>
      <p className="mt-1 text-micro text-muted">{measured ? `Measured at ${measured}.` : 'In the mixed set alone.'}</p>
    </figure>
  );
}

/** Pictures side by side, of which `/guide/pictures` makes one; thin lines of the page's ground keep them apart. */
function Sheet({ name, columns, rows, says }: { name: string; columns: number; rows: number; says: string }) {
  const line = 'var(--color-page) 0 2px, transparent 2px';
  return (
    <div className="relative mt-2 w-full max-w-168">
      <img
        src={`/guide/pictures/${name}.png`}
        alt={says}
        width={28 * columns}
        height={28 * rows}
        loading="lazy"
        decoding="async"
        className="block h-auto w-full [image-rendering:pixelated]"
      />
      <span
        aria-hidden
        className="absolute inset-0 [print-color-adjust:exact]"
        style={{
          backgroundImage: `linear-gradient(to right, ${line}), linear-gradient(to bottom, ${line})`,
          backgroundSize: `${100 / columns}% 100%, 100% ${100 / rows}%`,
        }}
      />
    </div>
  );
}
