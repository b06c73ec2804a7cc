'use client';
// The line on top while somebody of the staff looks at the site as a student, with the way back.
import { viewAsMyself } from '../account/actions';

export function AsStudent() {
  const back = async () => {
    await viewAsMyself();
    // The whole page anew: one that was refused as a whole does not come back by itself.
    window.location.reload();
  };
  return (
    <div role="status" className="border-b border-line bg-warn-wash shadow-[inset_3px_0_0_var(--color-mine-edge)]">
      <div className="mx-auto flex max-w-[84rem] flex-wrap items-center justify-between gap-x-4 px-4 py-1 text-small sm:px-6 lg:px-8">
        <p>
          <span className="font-medium">You see this site as a student does.</span> What only staff may do is refused.
        </p>
        <form action={back}>
          <button type="submit" className="link font-medium">
            View as yourself again
          </button>
        </form>
      </div>
    </div>
  );
}
