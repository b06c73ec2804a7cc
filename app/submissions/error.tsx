'use client';
// A submission, or the list of them, that broke.
import type { ComponentProps } from 'react';
import { ErrorPage } from '../ui/error-page';

export default function SubmissionsError(props: ComponentProps<typeof ErrorPage>) {
  return <ErrorPage {...props} back={{ href: '/submissions', text: 'All submissions' }} />;
}
