// GET, by the staff: every team with its members.
import { course } from '@/lib/api';
import { listTeams } from '@/lib/challenges/team-view';
import { endpoint } from '../../../endpoint';

export const GET = endpoint(course.teams, async ({ viewer, params }) => ({ teams: await listTeams(viewer, params.slug) }));
