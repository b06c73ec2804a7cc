// The frame of every page: typeface, theme, header and footer.
import '@fontsource-variable/ibm-plex-sans/wght.css';
import '@fontsource/ibm-plex-mono/400.css';
import '@fontsource/ibm-plex-mono/500.css';
import './globals.css';
import type { Metadata, Viewport } from 'next';
import { cookies } from 'next/headers';
import { Suspense, type ReactNode } from 'react';
import { Footer } from './ui/footer';
import { Header } from './ui/header';
import { NavigationProgress } from './ui/navigation-progress';
import { themeOf } from './ui/theme';

export const metadata: Metadata = {
  title: { default: 'Gauntlet', template: '%s · Gauntlet' },
  description: 'How a FashionMNIST classifier holds up under perturbations and gradient attacks.',
};

export const viewport: Viewport = { colorScheme: 'light dark' };

export default async function RootLayout({ children }: { children: ReactNode }) {
  // The theme is in a cookie and not in local storage, so that the first paint is right without a script.
  const theme = themeOf((await cookies()).get('theme')?.value);
  return (
    <html lang="en" data-theme={theme === 'system' ? undefined : theme}>
      <body className="flex min-h-dvh flex-col">
        <a
          href="#content"
          className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:m-2 focus:rounded-base focus:bg-surface focus:px-3 focus:py-2"
        >
          Skip to content
        </a>
        <Suspense>
          <NavigationProgress />
        </Suspense>
        <Header theme={theme} />
        <main id="content" className="mx-auto w-full max-w-[84rem] flex-1 px-4 pt-6 pb-16 sm:px-6 lg:px-8">
          {children}
        </main>
        <Footer />
      </body>
    </html>
  );
}
