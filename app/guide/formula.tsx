// Formulae as MathML, which browsers set and read aloud; written as short strings because JSX has no types for it.

/** `mathml` is what stands within `<math>`: constants of this folder, never anything of a user's. */
export function Formula({ mathml }: { mathml: string }) {
  return <div role="group" aria-label="Formula" tabIndex={0} className="overflow-x-auto py-1 text-lead" dangerouslySetInnerHTML={{ __html: `<math display="block" class="w-fit">${mathml}</math>` }} />;
}

const parts = (tag: string) => (...inner: string[]) => `<${tag}>${inner.join('')}</${tag}>`;
export const row = parts('mrow');
export const frac = parts('mfrac');
export const root = parts('msqrt');
export const sub = parts('msub');
export const sup = parts('msup');
export const under = parts('munder');
/** Identifiers and words, numbers, operators. */
export const i = (name: string) => (name.length > 1 ? `<mtext>${name}</mtext>` : `<mi>${name}</mi>`);
export const n = (value: number | string) => `<mn>${value}</mn>`;
export const o = (operator: string) => `<mo>${operator}</mo>`;
