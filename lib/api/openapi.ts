// The OpenAPI document of the API, made from its contracts.
import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject, type ZodOpenApiResponseObject } from 'zod-openapi';
import { refusals, tags, type Answered, type Contract, type Refused } from './contract.ts';
import { contracts } from './index.ts';
import { error } from './shapes/common.ts';

export type OpenApi = ReturnType<typeof createDocument>;

const retryAfter = z.string().optional().meta({ description: 'Seconds until it is worth another try.' });
const replayed = z.string().optional().meta({ description: '`true` when this is the answer that the same request got before.' });

/** What an endpoint may be refused with: its own, and what may happen to any. */
export function refusalsOf({ auth, refuses, idempotent, method, body }: Contract): Refused[] {
  const always: Refused[] = [400, 429, 500];
  if (auth !== 'none') always.push(401, 403);
  if (idempotent) always.push(409, 422);
  if (method !== 'GET' && body) always.push(413);
  return [...new Set([...always, ...refuses])].sort();
}

function responseOf({ description, schema, type }: Answered, idempotent: boolean): ZodOpenApiResponseObject {
  const headers = idempotent ? { headers: z.object({ 'Idempotency-Replayed': replayed }) } : {};
  if (!type) return { description, ...headers };
  const content = Object.fromEntries([type].flat().map((each) => [each, { schema: schema ?? z.string() }]));
  return { description, content, ...headers };
}

function refusalOf(status: Refused): ZodOpenApiResponseObject {
  const headers = status === 429 || status === 409 ? { headers: z.object({ 'Retry-After': retryAfter }) } : {};
  return { description: refusals[status], content: { 'application/json': { schema: error } }, ...headers };
}

const idempotencyKey = z.object({
  'Idempotency-Key': z.string().regex(/^[\x21-\x7e]{1,255}$/).optional().meta({
    description: 'A word of your own for this request, e.g. a UUID. When the same request comes again with it within 24 hours, it is not carried out again, and the first answer is given again.',
  }),
});

function operationOf(one: Contract): ZodOpenApiOperationObject {
  const { tag, summary, description, auth, scope, standing, params, query, body, answer, others, idempotent } = one;
  const who = auth === 'none' ? 'For anybody; no token is looked at.' : `For ${standing}. A token needs the scope \`${scope}\`.`;
  const media = one.bucket === 'upload' ? 'multipart/form-data' : 'application/json';
  const answers = Object.fromEntries([answer, ...others].map((each) => [each.status, responseOf(each, idempotent)]));
  const refused = Object.fromEntries(refusalsOf(one).filter((status) => !(status in answers)).map((status) => [status, refusalOf(status)]));
  return {
    operationId: nameOf(one),
    tags: [tag], summary,
    description: [description, who].filter(Boolean).join('\n\n'),
    ...(auth === 'none' ? { security: [] } : { security: auth === 'optional' ? [{}, { token: [] }, { session: [] }] : [{ token: [] }, { session: [] }] }),
    requestParams: { path: params, query, ...(idempotent && { header: idempotencyKey }) },
    ...(body && { requestBody: { required: !one.bodyOptional, content: { [media]: { schema: body } } } }),
    responses: { ...answers, ...refused },
  };
}

/** A name for programs that are generated from the document: `getChallengesSlugLeaderboard`. */
function nameOf({ method, path }: Contract): string {
  const words = path.replace('/api/v1/', '').split(/[^a-zA-Z]+/).filter(Boolean);
  return method.toLowerCase() + words.map((word) => word[0].toUpperCase() + word.slice(1)).join('');
}

let made: { url: string; document: OpenApi } | undefined;

/** The document, made once; `url` is the site's own address, without a slash at its end. */
export function openApiDocument(url: string): OpenApi {
  if (made?.url !== url) made = { url, document: documentOf(url) };
  return made.document;
}

function documentOf(url: string): OpenApi {
  const paths: ZodOpenApiPathsObject = {};
  for (const one of contracts) paths[one.path] = { ...paths[one.path], [one.method.toLowerCase()]: operationOf(one) };
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Gauntlet',
      version: '1',
      description:
        'Upload FashionMNIST classifiers, read how they hold up, and run a course. Make an API token on your account page and send it as `Authorization: Bearer <token>`. ' +
        'Every answer has an `X-Request-Id`, yours when you send one. `RateLimit` and `RateLimit-Policy` say how much more may be asked, and until when.',
    },
    servers: [{ url }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'An API token, made on your account page, with the scopes read, submit or manage.' },
        session: { type: 'apiKey', in: 'cookie', name: 'next-auth.session-token', description: 'A signed-in browser, from the site’s own pages only.' },
      },
    },
    paths,
  });
}
