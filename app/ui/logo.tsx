// The mark: five bars, one a severity, each a little lower than the one before.
const heights = [16, 13.5, 10.5, 7.5, 4];

export function Logo({ size = 18 }: { size?: number }) {
  return (
    <svg viewBox="0 0 18 18" width={size} height={size} aria-hidden className="shrink-0">
      {heights.map((height, severity) => (
        <rect
          key={severity}
          x={1 + severity * 3.4}
          y={17 - height}
          width={2.4}
          height={height}
          rx={0.6}
          fill="var(--color-accent)"
          opacity={1 - severity * 0.14}
        />
      ))}
    </svg>
  );
}
