// Every masking check under an anchor of its own (#M1 to #M11), which a submission's page leads to.
import { checks, type CheckId } from '@/lib/evaluation/masking';
import { aboutChecks } from './about-checks';
import { Part, Text } from './part';

export function Flags() {
  return (
    <Part id="flags">
      <Text>
        A model can hide its gradients, on purpose or by accident. Then attacks fail although examples exist, and robust accuracy looks
        better than it is: this is called gradient masking. Eleven checks look for its signs. A flag changes no figure and accuses nobody:
        it says that the robust figure should not be believed before somebody has looked.
      </Text>
      <dl className="grid grid-cols-1 gap-x-10 gap-y-7 md:grid-cols-2">
        {(Object.keys(checks) as CheckId[]).map((id) => {
          const { flagged, means, remedy } = aboutChecks[id];
          return (
            <div key={id} id={id} className="max-w-[60ch] scroll-mt-16 break-inside-avoid target:rounded-base target:bg-mine target:outline-8 target:outline-mine">
              <dt className="font-semibold">
                <a href={`#${id}`} className="figures mr-2 underline decoration-line-strong underline-offset-4 hover:decoration-current">
                  {id}
                </a>
                {checks[id]}
              </dt>
              <dd className="mt-1">
                <span className="font-medium">Flagged when:</span> {flagged}
              </dd>
              <dd className="mt-1">{means}</dd>
              <dd className="mt-1 text-muted">
                <span className="font-medium text-ink">What to do:</span> {remedy}
              </dd>
            </div>
          );
        })}
      </dl>
    </Part>
  );
}
