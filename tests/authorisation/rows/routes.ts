// Who may ask what of which route. Bodies are such that only rights decide whether the answer is a refusal.
import { anyStaff, apiOf, at, everybody, form, instructors, of, ofSubmission, owners, readers, same, signedIn, staff, type RouteRow } from './row.ts';

/** What only the student and their team do; staff may look, not act. */
const students = same('l+nffnf');
/** The student's and an instructor's to do; an assistant only looks. */
const studentsAndInstructors = same('l+nf+n+');
/** An instructor's to do, on a submission that others do not see. */
const instructorsOnIt = same('lfnf+n+');

const onSubmission = (path: string) => ofSubmission((id) => `/api/v1/submissions/${id}${path}`);
const onReevaluation = (path = ''): Pick<RouteRow, 'path'> => ({
  path: async (world) => `/api/v1/challenges/${world.slug}/reevaluations/${await world.reevaluation()}${path}`,
});
const onStudent = (path = ''): Pick<RouteRow, 'path'> => ({
  path: async (world) => `/api/v1/challenges/${world.slug}/members/${await world.student()}${path}`,
});

export const routes: Record<string, RouteRow> = {
  'DELETE /api/v1/challenges/[slug]/announcements/[id]': {
    ...instructors, path: async (world) => `/api/v1/challenges/${world.slug}/announcements/${await world.announcement()}`,
  },
  'DELETE /api/v1/challenges/[slug]/members/[userId]': { ...instructors, ...onStudent() },
  'GET /account/export': { ...signedIn, ...at('/account/export') },
  'GET /api/auth/[...nextauth]': { ...everybody, ...at('/api/auth/providers') },
  'POST /api/auth/[...nextauth]': { ...everybody, ...at('/api/auth/_log'), body: () => ({ level: 'debug', code: 'MATRIX' }) },
  'GET /api/health': { ...everybody, ...at('/api/health') },
  // Without METRICS_TOKEN in the environment there is none.
  'GET /api/metrics': { ...same('nnnnnnn'), ...at('/api/metrics') },
  'GET /api/notifications/unsubscribe': { ...everybody, ...at('/api/notifications/unsubscribe?token=forged') },
  'POST /api/notifications/unsubscribe': { ...same('nnnnnnn'), ...at('/api/notifications/unsubscribe?token=forged') },
  'GET /api/ready': { ...everybody, ...at('/api/ready') },
  'GET /api/v1/challenges': { ...everybody, ...at('/api/v1/challenges') },
  'GET /api/v1/challenges/[slug]': { ...readers, ...apiOf('') },
  'GET /api/v1/challenges/[slug]/announcements': { ...readers, ...apiOf('/announcements') },
  'GET /api/v1/challenges/[slug]/export': { ...staff, ...apiOf('/export') },
  'GET /api/v1/challenges/[slug]/grades': { ...staff, ...apiOf('/grades') },
  'GET /api/v1/challenges/[slug]/events': { ...readers, ...apiOf('/events') },
  'GET /api/v1/challenges/[slug]/leaderboard': { ...readers, ...apiOf('/leaderboard') },
  'GET /api/v1/challenges/[slug]/people': { ...staff, ...apiOf('/people') },
  'GET /api/v1/challenges/[slug]/phases': { ...readers, ...apiOf('/phases') },
  'GET /api/v1/challenges/[slug]/reevaluations': { ...staff, ...apiOf('/reevaluations') },
  'GET /api/v1/challenges/[slug]/reevaluations/[id]': { ...staff, ...onReevaluation() },
  'GET /api/v1/challenges/[slug]/teams': { ...staff, ...apiOf('/teams') },
  'GET /api/v1/challenges/[slug]/training-data': { ...readers, ...apiOf('/training-data') },
  // A file that there is not: who may read the challenge is told so.
  'GET /api/v1/challenges/[slug]/training-data/[file]': { public: 'nnnnnnn', members: 'lnnnnfn', ...apiOf('/training-data/none.npz') },
  'GET /api/v1/compare': {
    ...owners, path: async (world) => `/api/v1/compare?first=${await world.submission()}&second=${await world.submission()}`,
  },
  'GET /api/v1/drafts/[id]': { ...same('l+nnnnn'), path: async (world) => `/api/v1/drafts/${await world.draft()}` },
  'GET /api/v1/me': { ...signedIn, ...at('/api/v1/me') },
  'GET /api/v1/openapi.json': { ...everybody, ...at('/api/v1/openapi.json') },
  'GET /api/v1/public-key': { ...everybody, ...at('/api/v1/public-key') },
  'GET /api/v1/submissions': { ...staff, path: ({ slug }) => `/api/v1/submissions?challenge=${slug}&all=true` },
  'GET /api/v1/submissions/[id]': { ...owners, ...onSubmission('') },
  'GET /api/v1/submissions/[id]/events': { ...owners, ...onSubmission('/events') },
  'GET /api/v1/submissions/[id]/receipt': { ...owners, ...onSubmission('/receipt') },
  'GET /api/v1/workers': { ...anyStaff, ...at('/api/v1/workers') },
  'PATCH /api/v1/drafts/[id]': { ...same('l+nnnnn'), path: async (world) => `/api/v1/drafts/${await world.draft()}`, body: () => ({}) },
  'GET /guide/pictures/[name]': { ...everybody, ...at('/guide/pictures/rotate.png') },
  'POST /api/v1/challenges/[slug]/announcements': { ...instructors, ...apiOf('/announcements'), body: () => ({ title: 'News', body: 'None.' }) },
  'POST /api/v1/challenges/[slug]/join': { ...signedIn, ...apiOf('/join'), body: ({ joinCode }) => ({ code: joinCode }), after: (world) => world.enrolAgain() },
  'POST /api/v1/challenges/[slug]/pause': { ...instructors, ...apiOf('/pause'), body: () => ({ reason: 'Repairs' }), after: (world) => world.reset() },
  'POST /api/v1/challenges/[slug]/phases/[kind]/enter': { ...instructors, ...apiOf('/phases/final/enter'), body: () => ({}) },
  'POST /api/v1/challenges/[slug]/phases/[kind]/reveal': { ...instructors, ...apiOf('/phases/public/reveal'), body: () => ({}) },
  'POST /api/v1/challenges/[slug]/reevaluations': { ...instructors, ...apiOf('/reevaluations'), body: () => ({ which: 'all', reason: 'A bug' }) },
  'POST /api/v1/challenges/[slug]/reevaluations/[id]/apply': { ...instructors, ...onReevaluation('/apply'), body: () => ({}) },
  'POST /api/v1/challenges/[slug]/reevaluations/[id]/cancel': { ...instructors, ...onReevaluation('/cancel') },
  'POST /api/v1/challenges/[slug]/resume': { ...instructors, ...apiOf('/resume') },
  'POST /api/v1/challenges/[slug]/roster': { ...instructors, ...apiOf('/roster'), body: () => ({ csv: 'email,name\na@uni.test,A\n', digest: 'x' }) },
  'POST /api/v1/challenges/[slug]/roster/preview': { ...instructors, ...apiOf('/roster/preview'), body: () => ({ csv: 'email,name\na@uni.test,A\n' }) },
  'POST /api/v1/drafts': {
    public: 'l++++++', members: 'l++++f+', ...at('/api/v1/drafts'),
    body: ({ slug }) => {
      const upload = form({ challenge: slug });
      upload.append('file', new Blob(['no model']), 'model.onnx');
      return upload;
    },
  },
  'POST /api/v1/submissions': { ...same('l+nnnnn'), ...at('/api/v1/submissions'), body: async (world) => ({ draftId: await world.draft(), name: 'mine' }) },
  'POST /api/v1/submissions/[id]/cancel': { ...studentsAndInstructors, ...onSubmission('/cancel') },
  'POST /api/v1/submissions/[id]/choose': { ...students, ...onSubmission('/choose') },
  'POST /api/v1/submissions/[id]/disqualify': { ...instructorsOnIt, ...onSubmission('/disqualify'), body: () => ({ reason: 'A copy' }) },
  'POST /api/v1/submissions/[id]/full-protocol': { ...studentsAndInstructors, ...onSubmission('/full-protocol') },
  'POST /api/v1/submissions/[id]/regrade-requests': { ...students, ...onSubmission('/regrade-requests'), body: () => ({ message: 'Look again.' }) },
  'POST /api/v1/submissions/[id]/reinstate': { ...instructorsOnIt, ...onSubmission('/reinstate') },
  'POST /challenges/[slug]/submit/upload': {
    public: 'l++++++', members: 'l++++f+', ...of('/submit/upload'),
    body: () => {
      const upload = form();
      upload.append('files', new Blob(['no model']), 'model.onnx');
      return upload;
    },
  },
  'PUT /api/v1/challenges/[slug]/deadline': { ...instructors, ...apiOf('/deadline'), body: () => ({ closesAt: null }) },
  'PUT /api/v1/challenges/[slug]/members/[userId]/extension': { ...instructors, ...onStudent('/extension'), body: () => ({ extraSuccesses: 1 }) },
  'PUT /api/v1/challenges/[slug]/members/[userId]/role': { ...instructors, ...onStudent('/role'), body: () => ({ role: 'assistant' }) },
};
