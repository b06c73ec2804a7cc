'use client';
// A page of a challenge that broke: the challenge's tabs stay.
export { ErrorPage as default } from '@/app/ui/error-page';
