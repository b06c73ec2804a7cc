// The mark that a signed-in browser wants the next account it comes back with to be linked, not signed in with.

/** Its value is the session's id, which nobody else knows, so that nobody else can set it for this session. */
export const linkCookie = 'gauntlet-link';
export const linkPath = '/api/auth/callback';
export const linkSeconds = 600;
