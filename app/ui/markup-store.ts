// HTML of parts of pages that many see alike, kept in this process. Knows nothing of what it keeps.

/** Characters kept at once, two bytes each; a board's table of 50 rows has some 60,000. */
const most = 12_000_000;

export class MarkupStore {
  private readonly kept = new Map<string, string>();
  private characters = 0;
  private readonly limit: number;

  constructor(limit = most) {
    this.limit = limit;
  }

  /** The HTML of a key, made if it is not there; the one used last is let go last. */
  of(key: string, make: () => string): string {
    const html = this.kept.get(key) ?? make();
    if (this.kept.delete(key)) this.characters -= html.length;
    this.kept.set(key, html);
    this.characters += html.length;
    for (const [oldest, its] of this.kept) {
      if (this.characters <= this.limit || oldest === key) break;
      this.kept.delete(oldest);
      this.characters -= its.length;
    }
    return html;
  }

  get(key: string): string | undefined {
    return this.kept.get(key);
  }
}

// On globalThis, because Next gives what makes a page's data, what makes its HTML, and every page copies of a module each.
const process = globalThis as typeof globalThis & { gauntletMarkup?: MarkupStore };
export const markups = (): MarkupStore => (process.gauntletMarkup ??= new MarkupStore());
