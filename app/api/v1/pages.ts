// The header that leads from one page of a list to the next.

/** `Link: <…>; rel="next"`: the request's own address with other parameters. */
export function linkToNext(request: Request, parameters: Record<string, string>): string {
  const { pathname, searchParams } = new URL(request.url);
  for (const [name, value] of Object.entries(parameters)) searchParams.set(name, value);
  return `<${pathname}?${searchParams}>; rel="next"`;
}
