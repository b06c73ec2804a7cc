'use client';
// A page of the desk that broke: the desk's navigation stays.
export { ErrorPage as default } from '@/app/ui/error-page';
