// Every shared component in use, on words that say what it is for.
import { Check, Select, TextArea } from '@/app/ui/inputs';
import { Breadcrumb } from '@/app/ui/breadcrumb';
import { button } from '@/app/ui/button';
import { ChartTable } from '@/app/ui/chart-table';
import { CopyBlock } from '@/app/ui/copy-block';
import { EmptyState } from '@/app/ui/empty-state';
import { FactList } from '@/app/ui/fact-list';
import { Field } from '@/app/ui/field';
import { interval, percent } from '@/app/ui/format';
import { MessagePage } from '@/app/ui/message-page';
import { Notice } from '@/app/ui/notice';
import { Pages } from '@/app/ui/paging';
import { PhaseSwitch } from '@/app/ui/phase-switch';
import { Problem } from '@/app/ui/problem';
import { Skeleton } from '@/app/ui/skeleton';
import { TabBar, TabGap } from '@/app/ui/tab-bar';
import { TabLink } from '@/app/ui/tab-link';
import { Table, Td, Th } from '@/app/ui/table';
import { Time } from '@/app/ui/time';
import { Whisker } from '@/app/ui/whisker';
import { Part } from './part';

const here = '/design';
const estimates = [
  { name: 'One', value: 0.874, low: 0.867, high: 0.88, images: 10_000 },
  { name: 'Another', value: 0.861, low: 0.854, high: 0.868, images: 10_000 },
];
const range = { from: 0.85, to: 0.89 };

export function Components() {
  return (
    <>
      <Part id="acting" title="Acting" about="One primary button a page; danger is said in words and asked about once more.">
        <div className="flex flex-wrap gap-3">
          {(['primary', 'plain', 'danger'] as const).map((tone) => (
            <button key={tone} type="button" className={button[tone]}>
              {tone}
            </button>
          ))}
          <button type="button" disabled className={button.primary}>
            disabled
          </button>
          <a href="#acting" className="link py-2">
            a link
          </a>
        </div>
        <form className="grid max-w-[48rem] gap-5 sm:grid-cols-2">
          <Field label="A field" name="design-field" placeholder="What is typed" hint="What it is for, in a sentence." />
          <Select label="A choice" name="design-choice" options={[['a', 'The first'], ['b', 'The second']]} hint="When there are few." />
          <TextArea label="A longer text" name="design-text" rows={3} />
          <Check label="A box to tick" name="design-check" hint="What holds when it is ticked." defaultChecked />
        </form>
      </Part>
      <Part id="telling" title="Telling" about="The tone is in the words and at the edge, never in colour alone.">
        <div className="grid gap-4 md:grid-cols-2">
          {(['info', 'good', 'warn', 'bad'] as const).map((tone) => (
            <Notice key={tone} tone={tone} role="note" title={`A notice of tone “${tone}”`}>
              What is the matter, and what to do about it.
            </Notice>
          ))}
        </div>
        <Problem
          title="A model that cannot be taken"
          problem={{ code: 'example', found: 'What is in the file.', wanted: 'What would be.', fix: 'What to do.', snippet: 'torch.onnx.export(model, x, "model.onnx")' }}
        />
        <CopyBlock label="Lines to copy" text={'npx gauntlet submit model.onnx "my CNN" --wait'} />
        <div className="grid gap-6 md:grid-cols-2">
          <EmptyState title="A list with nothing in it" action={<span className={button.plain}>The next step</span>}>
            What would stand here, and how it comes here.
          </EmptyState>
          <Skeleton of="an example" rows={4} />
        </div>
        <div className="rounded-base border border-line">
          {/* Its heading stands below this page's. */}
          <MessagePage code="404" title="A page with one thing to say" level={3}>
            <p>What happened, and where to go from here.</p>
          </MessagePage>
        </div>
      </Part>
      <Part id="going" title="Going" about="Tabs stay on one line at every width, and scroll.">
        <div>
          <TabBar label="Example of tabs" look="main">
            <TabLink href={here}>Here</TabLink>
            {['scales', 'colours', 'maps', 'acting', 'telling'].map((id) => (
              <TabLink key={id} href={`${here}#${id}`} exact>
                {id}
              </TabLink>
            ))}
            <TabGap />
            <TabLink href={`${here}#figures`}>the staff’s</TabLink>
          </TabBar>
          <TabBar label="Example of tabs within" look="sub">
            <TabLink href={here}>Here</TabLink>
            <TabLink href={`${here}#going`}>Going</TabLink>
            <TabLink href={`${here}#figures`}>Figures</TabLink>
          </TabBar>
          <Breadcrumb challenge={{ slug: '', title: 'The way back' }} />
          <PhaseSwitch phase="public" path={here} />
          <Pages page={1} pages={3} of={295} addressOf={(page) => `${here}?page=${page}#going`} />
        </div>
      </Part>
      <Part id="figures" title="Figures" about="Never a figure without its interval; never a chart without its table.">
        <FactList facts={[['A fact', 'its value'], ['Closes', <Time key="t" at="2027-01-31T22:59:00Z" />], ['Images', '10,000']]} />
        <Table caption="A table" heads={['Model', { number: 'Mixed' }, { number: '95 % interval' }, 'On a scale']} empty="What is not there, and why.">
          {estimates.map((estimate) => (
            <tr key={estimate.name}>
              <Th>{estimate.name}</Th>
              <Td number>{percent(estimate.value)}</Td>
              <Td number>{interval(estimate)}</Td>
              <Td>
                <Whisker estimate={estimate} range={range} />
              </Td>
            </tr>
          ))}
        </Table>
        <ChartTable
          caption="What a chart shows"
          heads={['Model', { number: 'Mixed' }]}
          rows={estimates.map(({ name, value }) => [name, percent(value)] as const)}
        />
      </Part>
    </>
  );
}
