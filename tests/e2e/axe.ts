// Accessibility as axe sees it, light and dark: the rules of WCAG up to 2.2, A and AA, and axe's best practices.
import { createRequire } from 'node:module';
import type axe from 'axe-core';
import type { Page } from 'playwright-core';

export type ColorScheme = 'light' | 'dark';

/** Minified: every page reads it anew, and the other is twice as long. */
const { source } = createRequire(import.meta.url)('axe-core/axe.min.js') as typeof axe;
/** Off unless asked for, though of WCAG 2.2 AA. */
const rules = { 'target-size': { enabled: true } };
/** The rules that look at colours: what the others look at is the same in the dark. */
const ofColours = { type: 'rule' as const, values: ['color-contrast', 'link-in-text-block'] };

/** Takes the transitions of the document away, those under way too: half-way between two colours nothing has the contrast of either. */
function standStill(): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('*, ::before, ::after { transition: none !important }');
  document.adoptedStyleSheets = [sheet];
}

/** One line for each rule that the page breaks as it is now, with the first element that does. The page keeps its last colours. */
export async function violationsOf(page: Page, schemes: readonly ColorScheme[] = ['light', 'dark']): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // Within a navigation the old title is gone before the new one stands.
    await page.waitForFunction(() => document.title !== '');
    if (!(await page.evaluate(() => 'axe' in window))) {
      await page.evaluate(standStill);
      await page.evaluate(source);
    }
    const asked = colorScheme === 'light' ? { rules } : { runOnly: ofColours };
    const broken = await page.evaluate(async (options) => {
      const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(document, { ...options, resultTypes: ['violations'], preload: false });
      return violations.map(({ id, nodes }) => ({ id, count: nodes.length, first: nodes[0].html.slice(0, 300), why: nodes[0].failureSummary ?? '' }));
    }, asked);
    const where = new URL(page.url());
    found.push(...broken.map(({ id, count, first, why }) => `${where.pathname}${where.search} (${colorScheme}) ${id} x${count}: ${first} ${why.replace(/\s+/g, ' ')}`));
  }
  return found;
}
