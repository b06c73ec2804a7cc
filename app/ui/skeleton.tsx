// What stands in a slow part's place until it comes: quiet bars as high as it will be, so that nothing jumps. For <Suspense>.
type Props = {
  /** What comes, said to who cannot see the bars: "the images". */
  of: string;
  rows?: number;
  /** Of each bar, as a class of height. */
  bar?: string;
};

export function Skeleton({ of, rows = 3, bar = 'h-5' }: Props) {
  return (
    <div role="status" className="space-y-2">
      <span className="sr-only">Loading {of}</span>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} aria-hidden className={`skeleton rounded-small ${bar} ${row === rows - 1 && rows > 1 ? 'w-2/3' : ''}`} />
      ))}
    </div>
  );
}
