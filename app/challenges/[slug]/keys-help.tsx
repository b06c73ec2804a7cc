// Which keys the board knows, folded away under it.
import { BoardKeys } from './keys';

export function KeysHelp({ mineHref }: { mineHref: string | null }) {
  return (
    <details id="board-keys" className="mt-3 text-small text-muted max-sm:hidden print:hidden">
      <summary className="inline-flex min-h-6 w-fit items-center rounded-small hover:text-ink">Keys</summary>
      <BoardKeys mineHref={mineHref} />
    </details>
  );
}
