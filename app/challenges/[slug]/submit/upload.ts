// Sends model files to the API with progress, and says how it went. Runs in the browser.
import type { SubmissionProblem } from '@/lib/errors';
import type { Report } from '@/lib/evaluation/report';

export type DraftAnswer = {
  id: string;
  files: { name: string; bytes: number; sha256: string }[];
  report: Report | null;
  problem: SubmissionProblem | null;
};

/** Why an upload, or a submission, did not get through. `again`: what sending it again needs first. */
export type Refused = { title: string; text: string; again: 'network' | 'sign-in' | 'wait' | 'nothing' | null };

/** Thrown with a Refused for a message. */
export class UploadError extends Error {
  readonly refused: Refused;

  constructor(refused: Refused) {
    super(refused.text);
    this.refused = refused;
  }
}

/** Bytes of the files, of what is sent around them too; at the end the site is looking into the model. */
export type Progress = { sent: number; total: number };

/** Uploads files of one model. Rejects with an UploadError, or with the signal's reason; a refused model is no rejection. */
export function upload(challenge: string, files: readonly File[], progress: (progress: Progress) => void, signal: AbortSignal): Promise<DraftAnswer> {
  const form = new FormData();
  // Fields before files: the server reads them in this order and stores the files as they come.
  form.set('challenge', challenge);
  for (const file of files) form.append('files', file, file.name);
  // fetch tells nothing of how much is sent; XMLHttpRequest does.
  const request = new XMLHttpRequest();
  request.open('POST', '/api/v1/drafts');
  request.responseType = 'json';
  request.upload.onprogress = ({ loaded, total }) => progress({ sent: loaded, total });
  request.upload.onload = ({ total }) => progress({ sent: total, total });
  signal.addEventListener('abort', () => request.abort());
  return new Promise<DraftAnswer>((resolve, reject) => {
    request.onload = () => {
      const body = request.response as Body | null;
      if ((request.status === 201 || request.status === 422) && body?.id && body.files) {
        resolve({ id: body.id, files: body.files, report: body.report ?? null, problem: body.problem ?? null });
      } else reject(new UploadError(refusedOf(request.status, body?.error?.message, request.getResponseHeader('Retry-After'))));
    };
    request.onerror = () => reject(new UploadError(lost));
    request.onabort = () => reject(signal.reason as Error);
    request.send(form);
  });
}

type Body = Partial<DraftAnswer> & { error?: { message: string } };

export const lost: Refused = {
  title: 'The connection broke',
  text: 'Your files are still chosen here. It goes on by itself when the network is back, or when you say so. It counts from when it begins anew.',
  again: 'network',
};

/** What an answer that is no draft and no submission means to a person. Pure. */
export function refusedOf(status: number, message: string | undefined, retryAfter: string | null): Refused {
  switch (status) {
    case 401:
      return { title: 'You are signed out', text: 'In another window, or because it was long ago. Sign in there and come back: nothing that stands here is lost.', again: 'sign-in' };
    case 403:
    case 404:
    case 409:
      return { title: 'Not taken', text: message ?? 'The site does not take this now. Reload the page to see why.', again: null };
    case 422:
      return { title: 'It does not fit the model', text: message ?? 'The model cannot be fed in this way.', again: null };
    case 413:
      return { title: 'Too large', text: message ?? 'Something between you and the site takes no upload as large as this. Try another network, or tell your instructor.', again: null };
    case 429:
      return { title: 'Not now', text: message ?? `The site is asked too much. Go on in ${retryAfter ?? 'some'} seconds.`, again: 'wait' };
    case 400:
      return { title: 'Not as it should be', text: message ?? 'The site could not read it. Send it again.', again: 'nothing' };
    default:
      return {
        title: 'The site is busy or broken',
        text: message ?? `It answered ${status}, which it should not. That is not your doing, and your files are still chosen here: try again in a minute.`,
        again: 'nothing',
      };
  }
}

/** What is wrong with what arrived, if anything: a proxy that cuts bodies still answers. */
export function difference(draft: DraftAnswer, files: readonly Pick<File, 'size'>[], hashes: readonly string[]): Refused | null {
  const at = draft.files.findIndex(({ bytes, sha256 }, i) => bytes !== files[i]?.size || sha256 !== hashes[i]);
  if (at < 0 && draft.files.length === files.length) return null;
  const { name, bytes } = draft.files[at] ?? { name: 'the upload', bytes: 0 };
  const text = `Of ${name} something else arrived than was sent: ${bytes} bytes, of ${files[at]?.size ?? 0}. Send it again; if it stays so, tell your instructor.`;
  return { title: 'Damaged on the way', text, again: 'nothing' };
}
