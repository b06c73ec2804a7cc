// Sends model files to the API with progress, and says how it went. Runs in the browser.
import type { SubmissionProblem } from '@/lib/errors';
import type { Report } from '@/lib/evaluation/report';

export type DraftAnswer = {
  id: string;
  files: { name: string; bytes: number }[];
  report: Report | null;
  problem: SubmissionProblem | null;
};

export type Scaling = Report['scaling'];

export type Upload = { answer: Promise<DraftAnswer>; cancel(): void };

/**
 * Uploads files of one model. `progress` is told the share sent, in [0, 1]; at 1 the platform is looking into the model.
 * The answer rejects with an Error whose message is for the student; a refused model is no rejection.
 */
export function upload(challenge: string, files: readonly File[], scaling: Scaling, progress: (share: number) => void): Upload {
  const form = new FormData();
  // Fields before files: the server reads them in this order and stores the files as they come.
  form.set('challenge', challenge);
  form.set('scaling', JSON.stringify(scaling));
  for (const file of files) form.append('files', file, file.name);
  // fetch tells nothing of how much is sent; XMLHttpRequest does.
  const request = new XMLHttpRequest();
  request.open('POST', '/api/v1/drafts');
  request.responseType = 'json';
  request.upload.onprogress = ({ loaded, total }) => progress(total > 0 ? loaded / total : 0);
  const answer = new Promise<DraftAnswer>((resolve, reject) => {
    request.onload = () => {
      try {
        resolve(answerOf(request.status, request.response, files));
      } catch (error) {
        reject(error as Error);
      }
    };
    request.onerror = () => reject(new Error('The connection broke during the upload. Check it and try again.'));
    request.onabort = () => reject(new Error('The upload was cancelled.'));
  });
  request.send(form);
  return { answer, cancel: () => request.abort() };
}

type Body = Partial<DraftAnswer> & { error?: { message: string } };

function answerOf(status: number, body: Body | null, sent: readonly File[]): DraftAnswer {
  if ((status !== 201 && status !== 422) || !body?.id || !body.files) {
    throw new Error(body?.error?.message ?? `The site answered ${status}, which it should not. Try again in a minute.`);
  }
  // A proxy that cuts bodies still answers: what arrived must be as long as what was sent.
  body.files.forEach(({ name, bytes }, i) => {
    if (bytes !== sent[i]?.size) {
      throw new Error(
        `Of ${name} only ${bytes} of ${sent[i]?.size} bytes arrived. Upload it again; if it stays so, tell your instructor.`,
      );
    }
  });
  return { id: body.id, files: body.files, report: body.report ?? null, problem: body.problem ?? null };
}
