// How an upload's images are to go in, from the fields of its form.
import { z } from 'zod';
import { layoutAsked, scalingAsked } from '@/lib/api/shapes/submission';
import { RequestError } from '@/lib/errors';
import type { UploadOptions } from '@/lib/submissions/inspect';

/** `scaling` is JSON. What is empty was not asked for. Throws RequestError 400. */
export function optionsOf(fields: ReadonlyMap<string, string>): UploadOptions {
  const [scaling, layout] = [fields.get('scaling'), fields.get('layout')];
  return { scaling: scaling ? scalingOf(scaling) : undefined, layout: layout ? layoutOf(layout) : undefined };
}

function scalingOf(text: string): z.output<typeof scalingAsked> {
  const parsed = scalingAsked.safeParse(parse(text));
  if (parsed.success) return parsed.data;
  throw new RequestError(
    400,
    `The field "scaling" must be like {"scale": 1, "mean": 0.286, "deviation": 0.353}, with scale 1 or 255: ${z.prettifyError(parsed.error)}`,
  );
}

function layoutOf(text: string): z.output<typeof layoutAsked> {
  const parsed = layoutAsked.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new RequestError(400, `The field "layout" must be one of ${layoutAsked.options.join(' or ')}, not "${text.slice(0, 100)}".`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
