// The sections of the page, in a bar that stays below the header: plain links, so that they work for everybody.
type Props = { sections: readonly (readonly [id: string, name: string])[] };

export function Sections({ sections }: Props) {
  return (
    <nav
      aria-label="Sections"
      className="sticky top-12 z-20 -mx-4 mt-7 flex gap-x-1 overflow-x-auto border-b border-line bg-page/95 px-4 py-1.5 text-small backdrop-blur-sm sm:-mx-6 sm:px-6 lg:-mx-8 lg:px-8 print:hidden"
    >
      {sections.map(([id, name]) => (
        <a key={id} href={`#${id}`} className="rounded-base px-2.5 py-1 font-medium whitespace-nowrap text-muted hover:bg-sunken hover:text-ink">
          {name}
        </a>
      ))}
    </nav>
  );
}
