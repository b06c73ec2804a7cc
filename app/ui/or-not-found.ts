// Turns a verb's refusal into the page that says so: 404 not found, 403 forbidden, 401 to the sign-in.
import { forbidden, notFound, redirect } from 'next/navigation';
import { RequestError } from '@/lib/errors';

/** The value, or the page for the RequestError it failed with. `here` is where a sign-in should lead back to. */
export async function orNotFound<T>(promise: Promise<T>, here?: string): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof RequestError) {
      if (error.status === 404) notFound();
      if (error.status === 403) forbidden();
      if (error.status === 401) redirect(here ? `/login?to=${encodeURIComponent(here)}` : '/login');
    }
    throw error;
  }
}
