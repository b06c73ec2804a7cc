'use client';
// A new challenge's title, and the end of its address, suggested from the title until somebody writes their own.
import { useState } from 'react';
import { Field } from '@/app/ui/field';
import { suggestedSlug } from './slug';

type Props = { title?: string; maxLength: number };

export function TitleAndSlug({ title: first = '', maxLength }: Props) {
  const [title, setTitle] = useState(first);
  const [own, setOwn] = useState<string | null>(null);
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field label="Title" name="title" required maxLength={maxLength} value={title} onChange={(event) => setTitle(event.target.value)} />
      <Field
        label="Address"
        name="slug"
        required
        maxLength={64}
        pattern="[a-z0-9][a-z0-9\-]*"
        autoCapitalize="none"
        value={own ?? suggestedSlug(title)}
        onChange={(event) => setOwn(event.target.value)}
        hint="Stands after /challenges/ and never changes: a–z, 0–9 and -."
      />
    </div>
  );
}
