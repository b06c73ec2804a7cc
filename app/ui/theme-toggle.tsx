'use client';
// Steps through the themes: the system's, light, dark. Kept in a cookie for a year.
import { Monitor, Moon, Sun } from 'lucide-react';
import { useState } from 'react';
import { themes, type Theme } from './theme';

const looks = {
  system: { Icon: Monitor, says: 'as the system' },
  light: { Icon: Sun, says: 'light' },
  dark: { Icon: Moon, says: 'dark' },
};

export function ThemeToggle({ initial }: { initial: Theme }) {
  const [theme, setTheme] = useState(initial);
  const { Icon, says } = looks[theme];
  const step = () => {
    const next = themes[(themes.indexOf(theme) + 1) % themes.length];
    document.cookie = `theme=${next}; path=/; max-age=31536000; samesite=lax`;
    if (next === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    setTheme(next);
  };
  return (
    <button
      type="button"
      onClick={step}
      title={`Theme: ${says}`}
      aria-label={`Theme: ${says}. Change it`}
      className="grid size-8 place-items-center rounded-base text-muted hover:bg-sunken hover:text-ink"
    >
      <Icon size={16} strokeWidth={1.75} aria-hidden />
    </button>
  );
}
