'use server';
// What the grades page does on the server.
import { refresh } from 'next/cache';
import { outcomeOf, type Outcome } from '@/app/ui/outcome';
import { currentViewer } from '@/lib/auth/session';
import { saveRule } from '@/lib/grades/grades';
import { ruleOfFields } from '@/lib/grades/rule-form';

export async function keepRule(slug: string, _: Outcome, form: FormData): Promise<Outcome> {
  const fields = Object.fromEntries([...form].map(([name, value]) => [name, String(value)]));
  return outcomeOf(async () => {
    await saveRule(await currentViewer(), slug, ruleOfFields(fields));
    refresh();
    return 'The rule is saved. Grades are computed by it from now on.';
  });
}
