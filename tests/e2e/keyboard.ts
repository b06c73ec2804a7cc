// A person without a pointer: the keys that walk a page, and what the focus is on.
import type { Locator, Page } from 'playwright-core';

/** Nobody presses Tab more often; every page has fewer stops before what is looked for. */
const patience = 200;

/** Presses Tab until the focus is on (one of) what is wanted. Throws an Error when it is not reached, or when nothing shows where it is. */
export async function tabTo(page: Page, wanted: Locator): Promise<void> {
  await wanted.first().waitFor({ state: 'attached' });
  for (let pressed = 0; pressed < patience; pressed++) {
    await page.keyboard.press('Tab');
    if (await wanted.evaluateAll((all) => all.includes(document.activeElement as HTMLElement))) return expectRing(page);
  }
  throw new Error(`${patience} presses of Tab on ${page.url()} did not reach ${wanted}.`);
}

/** As tabTo, then presses the key. */
export async function press(page: Page, wanted: Locator, key = 'Enter'): Promise<void> {
  await tabTo(page, wanted);
  await page.keyboard.press(key);
}

/** As tabTo, then types over what is there. */
export async function type(page: Page, wanted: Locator, text: string): Promise<void> {
  await tabTo(page, wanted);
  await page.keyboard.press('Control+A');
  await page.keyboard.type(text);
}

/** What a screen reader says of what the focus is on: its name, and what describes it. */
export async function heard(page: Page): Promise<string> {
  const session = await page.context().newCDPSession(page);
  const { result } = await session.send('Runtime.evaluate', { expression: 'document.activeElement' });
  const { nodes } = await session.send('Accessibility.getPartialAXTree', { objectId: result.objectId, fetchRelatives: false });
  await session.detach();
  return [nodes[0].name?.value, nodes[0].description?.value].filter(Boolean).join('; ');
}

/** Who sees no ring does not know where they are. Of a field that lies unseen over something, that something has it. */
async function expectRing(page: Page): Promise<void> {
  const ringed = await page.evaluate(() => {
    for (let at = document.activeElement, up = 0; at && up < 3; at = at.parentElement, up++) {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(at);
      if ((outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none') return true;
    }
    return false;
  });
  if (!ringed) throw new Error(`Nothing shows that the focus on ${page.url()} is on ${await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200))}.`);
}
