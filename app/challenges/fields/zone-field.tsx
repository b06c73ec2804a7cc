'use client';
// The zone a challenge thinks in; for a new one the browser's own, where nothing else was chosen.
import { useState, useSyncExternalStore } from 'react';
import { Select } from '@/app/ui/inputs';

const never = () => () => {};
const here = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

export function ZoneField({ zones, zone }: { zones: readonly string[]; zone?: string }) {
  const own = useSyncExternalStore(never, here, () => 'UTC');
  const [chosen, choose] = useState(zone);
  return (
    <Select
      label="Time zone"
      name="timeZone"
      value={chosen ?? (zones.includes(own) ? own : 'UTC')}
      onChange={(event) => choose(event.target.value)}
      options={zones.map((name) => [name, name.replaceAll('_', ' ')] as const)}
      hint="In which its dates are thought of, and at whose midnight a day of quota begins."
      className="max-w-sm"
    />
  );
}
