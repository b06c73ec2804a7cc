// GET ?first=ID&second=ID: two submissions beside each other, in the public phase or with &phase=final.
import { submissions } from '@/lib/api';
import { compareSubmissions } from '@/lib/leaderboard/compare';
import { endpoint } from '../endpoint';

export const GET = endpoint(submissions.compare, ({ viewer, query: { first, second, phase } }) => compareSubmissions(viewer, first, second, phase));
