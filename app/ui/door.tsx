// The frame of the pages by which one comes in: a form on the left, and on a wide screen what one comes for on the right.
import { Suspense, type ReactNode } from 'react';
import { Specimens } from '../home/specimens';
import { Skeleton } from './skeleton';

type Props = { title: string; about?: ReactNode; children: ReactNode };

export function Door({ title, about, children }: Props) {
  return (
    <div className="mx-auto grid max-w-[60rem] items-center gap-x-20 gap-y-12 py-6 sm:py-12 lg:grid-cols-[minmax(0,1fr)_27rem]">
      <div className="mx-auto w-full max-w-[23rem]">
        <h1 className="text-display font-semibold">{title}</h1>
        {about && <p className="mt-1 text-muted">{about}</p>}
        <div className="mt-6">{children}</div>
      </div>
      <div className="max-lg:hidden print:hidden">
        <Suspense fallback={<Skeleton of="the picture" rows={1} bar="h-80" />}>
          <Specimens />
        </Suspense>
      </div>
    </div>
  );
}
