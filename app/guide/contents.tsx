// The sections of the guide with their anchors, which others link to and which never change; and the table of contents.
export const sections = [
  ['rules', 'The rules'],
  ['protocol', 'What is measured'],
  ['perturbations', 'Perturbations'],
  ['attacks', 'Attacks'],
  ['tta', 'Test-time augmentation'],
  ['export', 'Exporting a model'],
  ['score', 'How the score is made'],
  ['reading', 'Reading intervals and ranks'],
  ['flags', 'What the flags mean'],
  ['phases', 'Phases, seeds and receipts'],
  ['errors', 'Frequent errors'],
] as const;
export type SectionId = (typeof sections)[number][0];

export function Contents() {
  return (
    <nav aria-label="Contents" className="text-small lg:sticky lg:top-18 print:hidden">
      <p className="eyebrow mb-1">Contents</p>
      <ol className="space-y-0.5 max-lg:columns-2 sm:max-lg:columns-3">
        {sections.map(([id, title]) => (
          <li key={id} className="break-inside-avoid">
            <a href={`#${id}`} className="inline-flex min-h-6 items-center text-muted hover:text-ink hover:underline">
              {title}
            </a>
          </li>
        ))}
      </ol>
    </nav>
  );
}
