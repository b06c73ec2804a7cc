'use client';
// Which protocol, with what it costs and what is doubtful about it before it is saved; and the metric to rank by, of those it measures.
import { useState, useTransition } from 'react';
import { button } from '@/app/ui/button';
import { Select, TextArea } from '@/app/ui/inputs';
import { Notice } from '@/app/ui/notice';
import type { ProtocolPreview } from '@/lib/challenges/protocol-choice';
import type { Metric } from '@/lib/evaluation/outcomes';
import { metricNames } from './metrics';
import { checkOwnProtocol } from './actions';
import { ProtocolCost } from './protocol-cost';

type Checked = Awaited<ReturnType<typeof checkOwnProtocol>>;

type Props = {
  builtIn: readonly ProtocolPreview[];
  /** The protocol and metric that there are, in the settings. */
  current?: { protocol: ProtocolPreview; metric: Metric };
};

export function ProtocolField({ builtIn, current }: Props) {
  const [name, setName] = useState(current ? 'current' : builtIn[0].name);
  const [own, setOwn] = useState('');
  const [checked, setChecked] = useState<{ text: string; answer: Checked } | null>(null);
  const [metric, setMetric] = useState<Metric>(current?.metric ?? 'mixed');
  const [checking, start] = useTransition();
  const answer = name === 'own' && checked?.text === own ? checked.answer : null;
  const known = name === 'current' ? current?.protocol : builtIn.find((one) => one.name === name);
  const preview = known ?? (answer && 'preview' in answer ? answer.preview : null);
  const measurable = preview?.measurable ?? [];
  const chosen = measurable.includes(metric) ? metric : measurable[0];
  const check = (text: string) => start(async () => setChecked({ text, answer: await checkOwnProtocol(text) }));
  const choices: [string, string][] = [
    ...(current ? [['current', `${current.protocol.name}, as it is`] as [string, string]] : []),
    ...builtIn.filter((one) => one.name !== current?.protocol.name).map((one): [string, string] => [one.name, one.name]),
    ['own', 'A protocol of my own'],
  ];
  return (
    <div className="space-y-4">
      <Select
        label="Protocol"
        name="protocol"
        value={name}
        onChange={(event) => setName(event.target.value)}
        options={choices}
        className="max-w-sm"
      />
      {name === 'own' && (
        <div className="space-y-3">
          <TextArea
            label="Protocol as JSON"
            name="own"
            rows={10}
            required
            spellCheck={false}
            value={own}
            onChange={(event) => setOwn(event.target.value)}
            onBlur={() => own.trim() !== '' && checked?.text !== own && check(own)}
            className="[&_textarea]:font-mono [&_textarea]:text-small"
            hint="As “npx gauntlet protocol” reads it. Without a seed: each phase draws its own."
          />
          <div className="flex flex-wrap items-center gap-3">
            <label className={`${button.plain} cursor-pointer rings-within`}>
              Choose a file
              <input
                type="file"
                accept="application/json,.json"
                className="sr-only"
                onChange={async (event) => {
                  const text = await event.target.files?.[0]?.text();
                  if (text === undefined) return;
                  setOwn(text);
                  check(text);
                }}
              />
            </label>
            <button type="button" className={button.plain} disabled={checking || own.trim() === ''} onClick={() => check(own)}>
              {checking ? 'Checking …' : 'Check it'}
            </button>
          </div>
          {answer && 'failed' in answer && (
            <Notice tone="bad" role="alert" title="This protocol cannot be used">
              <p className="whitespace-pre-wrap">{answer.failed}</p>
            </Notice>
          )}
        </div>
      )}
      {preview && <ProtocolCost preview={preview} />}
      <Select
        label="Ranked by"
        name="primaryMetric"
        required
        value={chosen ?? ''}
        onChange={(event) => setMetric(event.target.value as Metric)}
        options={measurable.map((one) => [one, metricNames[one]] as const)}
        hint={preview ? 'The metrics that this protocol measures.' : 'Check the protocol first: its metrics follow from it.'}
        className="max-w-lg"
      />
    </div>
  );
}
