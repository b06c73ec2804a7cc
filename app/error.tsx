'use client';
// A page that broke, within the frame of the site.
export { ErrorPage as default } from './ui/error-page';
