// The words of a challenge, and who may read it.
import { Field } from '@/app/ui/field';
import { Select, TextArea } from '@/app/ui/inputs';
import { detailLimits, type About } from '@/lib/challenges/details';

export function TitleField({ title }: { title?: string }) {
  return <Field label="Title" name="title" required maxLength={detailLimits.title} defaultValue={title} />;
}

export function WordFields({ about }: { about?: Omit<About, 'title'> }) {
  return (
    <>
      <Field
        label="Description"
        name="description"
        maxLength={detailLimits.description}
        defaultValue={about?.description}
        hint="One or two plain sentences, shown under the title."
      />
      <TextArea
        label="Rules"
        name="rules"
        rows={12}
        maxLength={detailLimits.rules}
        defaultValue={about?.rules}
        className="[&_textarea]:font-mono [&_textarea]:text-small"
        hint="In Markdown: headings, lists, tables, links. HTML in it is left out. Quotas and dates stand on the rules page by themselves."
      />
      <Select
        label="Who may see it"
        name="visibility"
        defaultValue={about?.visibility}
        options={[
          ['public', 'Everybody, with the leaderboard; whoever signs in may take part'],
          ['members', 'Its members alone; others see only how to join'],
        ]}
      />
    </>
  );
}
