// How figures are made of outcomes, as formulae with a worked example that the code itself computes.
import { interval, percent, points, pointsInterval, whole } from '@/app/ui/format';
import { pText, verdict } from '@/app/compare/verdict';
import { metricNames } from '@/app/guide/metrics';
import { differenceOf } from '@/lib/evaluation/comparison';
import { metrics, type Metric } from '@/lib/evaluation/score';
import { mcnemar, wilson } from '@/lib/evaluation/statistics';
import { frac, Formula, i, n, o, root, row, sub, sup, under } from './formula';
import { Part, Sub, Text } from './part';

const mean = (over: string) => row(frac(n(1), row(o('|'), i(over), o('|'))), under(o('∑'), row(i(over))));

const formulae: Record<Metric, { says: string; mathml: string }> = {
  mixed: {
    says: 'The share of the images of the mixed set that are classified right, each under a perturbation and severity of its own.',
    mathml: row(i('mixed'), o('='), frac(i('images right'), i('N'))),
  },
  clean: { says: 'The same on images as they are.', mathml: row(i('clean'), o('='), frac(i('images right'), i('N'))) },
  meanPerturbation: {
    says: 'The mean over all scored cells, a cell being one perturbation at one severity. Every cell weighs the same.',
    mathml: row(i('mean perturbation'), o('='), mean('cells'), sub(i('a'), row(i('p'), o(','), i('s')))),
  },
  robust: {
    says: 'At each radius an image counts only if it stood under all scored attacks there; the column is the mean over the radii.',
    mathml: row(i('robust'), o('='), mean('radii'), frac(i('images that stood under every attack at ε'), i('N'))),
  },
};

/** The example of every figure below. */
const example = { right: 8743, images: 10_000, onlyA: 312, onlyB: 255 };
const rates = [0.85, 0.74, 0.61, 0.4, 0.1];
const model = { blur: [0.8, 0.6], noise: [0.7, 0.5] };
const reference = { blur: [0.75, 0.5], noise: [0.6, 0.45] };

const errors = (accuracies: readonly number[]) => accuracies.reduce((sum, accuracy) => sum + 1 - accuracy, 0);
const ces = (['blur', 'noise'] as const).map((kind) => (100 * errors(model[kind])) / errors(reference[kind]));

export function ScorePart({ primary }: { primary: Metric }) {
  const accuracy = wilson(example.right, example.images);
  return (
    <Part id="score">
      <Text>
        The evaluator keeps, of every image in every cell, one bit: right or wrong. All figures are made of these bits by one pure function,
        so whoever has the bits can make them again. The board here is ranked by <strong className="font-semibold">{metricNames[primary].toLowerCase()}</strong>.
      </Text>
      <dl className="space-y-3">
        {metrics.map((metric) => (
          <div key={metric} className="break-inside-avoid">
            <dt id={`score-${metric}`} className="scroll-mt-16 font-semibold">
              {metricNames[metric]}
            </dt>
            <dd className="max-w-[72ch]">
              {formulae[metric].says}
              <Formula mathml={formulae[metric].mathml} />
            </dd>
          </div>
        ))}
        <div className="break-inside-avoid">
          <dt id="score-mce" className="scroll-mt-16 font-semibold">
            mCE
          </dt>
          <dd className="max-w-[72ch]">
            Errors as a share of those of the reference CNN, so that a perturbation that is hard for everybody does not dominate; 100 is the
            reference, less is better. Relative mCE first takes the clean error off both.
            <Formula
              mathml={row(
                sub(i('CE'), i('p')), o('='), n(100), o('×'),
                frac(row(under(o('∑'), i('s')), i('errors of the model')), row(under(o('∑'), i('s')), i('errors of the reference'))),
                o(','), i('  mCE'), o('='), mean('perturbations'), sub(i('CE'), i('p')),
              )}
            />
          </dd>
        </div>
      </dl>
      <Sub id="example">A worked example</Sub>
      <ul className="figures max-w-[72ch] list-disc space-y-2 pl-5">
        <li>
          A model is right on {whole(example.right)} of {whole(example.images)} mixed images: mixed accuracy {percent(accuracy.value, 2)} %, with the
          95 % interval {interval(accuracy)}.
        </li>
        <li>
          Under the worst case {rates.map((rate) => percent(rate, 0)).join(', ')} % stand at the five radii: robust accuracy{' '}
          {percent(rates.reduce((sum, rate) => sum + rate, 0) / rates.length)} %.
        </li>
        <li>
          Under blur it is right on {model.blur.map((one) => percent(one, 0)).join(' and ')} % at two severities, the reference on{' '}
          {reference.blur.map((one) => percent(one, 0)).join(' and ')} %: CE {ces[0].toFixed(1)}. Under noise {model.noise.map((one) => percent(one, 0)).join(' and ')} %
          against {reference.noise.map((one) => percent(one, 0)).join(' and ')} %: CE {ces[1].toFixed(1)}. Its mCE is {((ces[0] + ces[1]) / 2).toFixed(1)}.
        </li>
      </ul>
    </Part>
  );
}

/** Two models that part on as many images as the example says, and are both right on the others. */
function paired() {
  const { onlyA, onlyB, images } = example;
  const a = Float64Array.from({ length: images }, (_, at) => Number(at >= onlyB));
  const b = Float64Array.from({ length: images }, (_, at) => Number(at < onlyB || at >= onlyA + onlyB));
  return differenceOf(a, b).difference;
}

export function Reading() {
  const { images, onlyA, onlyB } = example;
  const tests = mcnemar(onlyA, onlyB);
  const difference = paired();
  return (
    <Part id="reading">
      <Sub id="intervals">Intervals</Sub>
      <Text>
        A figure is measured on some thousand images, and others would give a slightly different one. The 95 % interval says how different:
        made that way, 95 of 100 intervals hold the accuracy on endlessly many images. Single accuracies have Wilson’s:
      </Text>
      <Formula
        mathml={row(
          frac(n(1), row(n(1), o('+'), frac(sup(i('z'), n(2)), i('N')))), o('('), i('p'), o('+'), frac(sup(i('z'), n(2)), row(n(2), i('N'))), o('±'), i('z'),
          root(row(frac(row(i('p'), o('('), n(1), o('−'), i('p'), o(')')), i('N')), o('+'), frac(sup(i('z'), n(2)), row(n(4), sup(i('N'), n(2)))))), o(')'),
        )}
      />
      <Text>
        Means over cells share their images, so theirs comes from the spread of the mean per image. The interval tells nothing of other
        data, and nothing of stronger attacks: robust accuracy is an upper bound.
      </Text>
      <Sub id="paired">Two models</Sub>
      <Text>
        Whether one is better is not read from whether two intervals overlap: both models saw the same images, so it is asked on which
        images they part. <span className="figures">{verdict('A', 'B', images, { onlyFirst: onlyA, onlySecond: onlyB, exact: tests.exact })}</span>{' '}
        <span className="figures text-small text-muted">
          (McNemar’s exact test: p {pText(tests.exact)}; the difference is {points(difference.value, 2)} points, {pointsInterval(difference)}.)
        </span>{' '}
        Lay your own models beside each other on the page <a href="/compare" className="link">Compare</a>.
      </Text>
      <Sub id="ranks">Ranks</Sub>
      <Text>
        A row of the board shows the places that the data allow, such as “2–4”: with 95 % confidence for all rows at once, its true place is
        among them. The displayed rank is 1 + the number of models that are significantly better, so equals share it. What is not measured
        stands last.
      </Text>
    </Part>
  );
}
