// GET: server-sent events, one `progress` each time something of the submission changed. What changed is read elsewhere.
import { submissions } from '@/lib/api';
import { progressEvents } from '@/lib/evaluations/progress';
import { getSubmission } from '@/lib/submissions/read';
import { endpoint } from '../../../endpoint';
import { eventStream } from '../../../event-stream';

export const GET = endpoint(submissions.events, async ({ request, viewer, params }) => {
  const { id } = await getSubmission(viewer, params.id);
  return eventStream('progress', (signal) => progressEvents(id, signal), request.signal);
});
