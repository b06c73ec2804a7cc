// Whoever the account page is of; a visitor is sent to sign in.
import { redirect } from 'next/navigation';
import { currentSession, type Session } from '@/lib/auth/session';

export async function mySession(): Promise<Session> {
  return (await currentSession()) ?? redirect('/login?to=/account');
}
