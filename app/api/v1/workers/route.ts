// GET: what the staff of a challenge watches: workers, the queue, what runs and what failed.
import { platform } from '@/lib/api';
import { overview } from '@/lib/monitoring/overview';
import { endpoint } from '../endpoint';

export const GET = endpoint(platform.workers, ({ viewer }) => overview(viewer));
