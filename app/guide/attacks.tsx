// What gradient attacks do to an image: real adversarial examples on the reference CNN, at every radius and by every attack.
import { epsilon as epsilonText, whole } from '@/app/ui/format';
import { attackSays } from '@/app/submissions/[id]/attack-says';
import { attackName } from '@/app/ui/trial-name';
import { classNames } from '@/lib/evaluation/classes';
import type { AttackTrial, Protocol } from '@/lib/evaluation/trial';
import { imageCount } from '@/lib/evaluation/trial-id';
import type { Drawn, DrawnAttack } from './drawn';
import data from './drawn.json';
import picture from './drawn.png';
import { Part, Sub, Text, Tile } from './part';

const drawn = data as unknown as Drawn;
export const sprite = { src: picture.src, columns: drawn.columns, rows: drawn.rows };

const isAttack = (trial: Protocol['trials'][number]): trial is AttackTrial => trial.kind === 'attack';

export function Attacks({ protocol }: { protocol: Protocol }) {
  const bare = protocol.trials.filter(isAttack).filter(({ tta, norm }) => !tta && norm === 'linf');
  if (bare.length === 0) {
    return (
      <Part id="attacks">
        <Text>The protocol {protocol.name} attacks no model.</Text>
      </Part>
    );
  }
  const scored = bare.filter((trial) => trial.scored !== false);
  const ladder = [...new Set(scored.map(({ epsilon }) => epsilon))].sort((a, b) => a - b);
  // Where an attack is both scored and asked by a check, the scored one stands for it.
  const kinds = [...new Set(bare.map(({ attack }) => attack))].map((attack) => [...scored, ...bare].find((trial) => trial.attack === attack)!);
  return (
    <Part id="attacks">
      <Text>
        An attack searches, with your model’s own gradient, for a change of at most ε in every pixel (pixels run from 0 to 1) that makes
        the answer wrong. An image counts as robust at a radius only if every scored attack there failed on it. This challenge uses the
        radii {ladder.map(epsilonText).join(', ')}
        {scored[0] && <>, on {whole(imageCount(protocol, scored[0]))} images</>}.
      </Text>
      <Text muted>
        The pictures are examples that really were found on the reference CNN from training images, rounded to 256 grays. Beside each is
        the change itself, magnified until ±ε is black and white; gray is no change.
      </Text>
      <Sub id="epsilon">What a radius looks like</Sub>
      <Ladder />
      <Sub id="attack-table">What each attack does, at a radius of {epsilonText(drawn.attacks[0].trial.epsilon)}</Sub>
      <ul className="grid grid-cols-1 gap-x-10 gap-y-5 md:grid-cols-2">
        {kinds.map((trial) => (
          <AttackOf key={trial.attack} trial={trial} found={drawn.attacks.find((one) => one.trial.attack === trial.attack)} />
        ))}
      </ul>
    </Part>
  );
}

function Ladder() {
  return (
    <div role="region" aria-label="Adversarial examples by radius" tabIndex={0} className="overflow-x-auto">
      <table className="text-center text-micro">
        <caption className="sr-only">Adversarial examples of {attackName(drawn.ladder[0].trial)} by radius, with the class that the reference CNN names</caption>
        <thead>
          <tr className="text-small text-muted">
            <th scope="col" className="pr-3 pb-1 text-left font-medium">
              ε
            </th>
            {drawn.labels.map((label, i) => (
              <th key={i} scope="col" className="px-2 pb-1 font-medium">
                {classNames[label]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr className="align-top">
            <th scope="row" className="py-1 pr-3 text-left text-small font-medium">
              0
            </th>
            {drawn.originals.map((place, i) => (
              <td key={i} className="px-2 py-1">
                <Tile sprite={sprite} place={place} says={classNames[drawn.labels[i]]} />
              </td>
            ))}
          </tr>
          {drawn.ladder.map(({ trial, images }) => (
            <tr key={trial.epsilon} className="align-top">
              <th scope="row" className="figures py-1 pr-3 text-left text-small font-medium">
                {epsilonText(trial.epsilon)}
                <span className="block text-micro font-normal text-muted">{(trial.epsilon * 255).toFixed(1).replace(/\.0$/, '')} of 255</span>
              </th>
              {images.map((image, i) => (
                <td key={i} className="px-2 py-1">
                  <Pair image={image} label={drawn.labels[i]} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Pair({ image: { prediction, place, change }, label }: { image: DrawnAttack['images'][number]; label: number }) {
  const fooled = prediction !== label;
  return (
    <>
      <span className="flex justify-center gap-1">
        <Tile sprite={sprite} place={place} says={`${classNames[label]}, attacked`} />
        <Tile sprite={sprite} place={change} />
      </span>
      <span className={`mt-0.5 block ${fooled ? 'font-semibold text-bad' : 'text-muted'}`}>{fooled ? `now ${classNames[prediction]}` : 'stands'}</span>
    </>
  );
}

function AttackOf({ trial, found }: { trial: AttackTrial; found: DrawnAttack | undefined }) {
  return (
    <li className="break-inside-avoid">
      <h4 id={`attack-${trial.attack}`} className="scroll-mt-16 font-semibold">
        {attackName(trial)}
      </h4>
      <p className="text-small">
        <span className="capitalize">{attackSays[trial.attack].slice(0, 1)}</span>
        {attackSays[trial.attack].slice(1)}.
        {trial.scored === false && <span className="text-muted"> For the masking checks alone.</span>}
      </p>
      {found && (
        <div className="mt-1.5 flex flex-wrap gap-x-4 gap-y-2 text-micro">
          {found.images.slice(0, 3).map((image, i) => (
            <span key={i} className={`text-center ${i === 2 ? 'max-sm:hidden' : ''}`}>
              <Pair image={image} label={drawn.labels[i]} />
            </span>
          ))}
        </div>
      )}
    </li>
  );
}
