// GET: what was found in an upload of one's own. PATCH: look into it again, with its images fed in another way.
import { submissions } from '@/lib/api';
import { changeDraft, getDraft, type Draft } from '@/lib/submissions/drafts';
import { endpoint } from '../../endpoint';
import { takeUpload } from '../take-upload';

const given = ({ id, report, problem, files, expiresAt }: Draft) => ({ id, report, problem, files, expiresAt });

export const GET = endpoint(submissions.getDraft, async ({ viewer, params }) => given(await getDraft(viewer, params.id)));

export const PATCH = endpoint(submissions.changeDraft, async ({ viewer, params, body }) => {
  // Looking into a model is most of the work of an upload.
  await takeUpload(viewer);
  return given(await changeDraft(viewer, params.id, body));
});
