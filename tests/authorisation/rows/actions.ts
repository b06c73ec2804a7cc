// Who may do what with which form.
import { randomUUID } from 'node:crypto';
import { administrators, everybody, form, instructors, same, signedIn, staff, type ActionRow } from './row.ts';

const own = 'account/actions';
const site = 'administration/actions';
const course = 'challenges/[slug]';
const dates = { timeZone: 'UTC', opens: '2026-01-01T00:00', closes: '' };
const about = { title: 'A challenge', description: '', rules: '', visibility: 'public' };
const measuring = { protocol: 'quick', primaryMetric: 'mixed' };
const policy = { counted: 'best', fullProtocol: 'every' };

/** Of a person somewhere on the site, always a fresh student. */
const onPerson = (fields: Record<string, string> = {}): Pick<ActionRow, 'given'> => ({
  given: async (world) => [null, form({ person: await world.student(), ...fields })],
});
/** Bound to the challenge; the form's fields. */
const onChallenge = (fields: Record<string, string | string[]> = {}): Pick<ActionRow, 'given' | 'after'> => ({
  given: ({ slug }) => [slug, null, form(fields)],
  after: (world) => world.reset(),
});
const onChallengeAlone: Pick<ActionRow, 'given' | 'after'> = { given: ({ slug }) => [slug], after: (world) => world.reset() };
const onMember = (fields: Record<string, string> = {}): Pick<ActionRow, 'given'> => ({
  given: async (world) => [world.slug, await world.student(), null, form(fields)],
});
const onSubmission: Pick<ActionRow, 'given'> = { given: async (world) => [null, form({ submission: await world.submission() })] };
const mine = (fields: Record<string, string | string[]> = {}): Pick<ActionRow, 'given'> => ({ given: () => [null, form(fields)] });
/** Students of the challenge; staff have no team. */
const members = same('l++++f+');
const nothing = randomUUID();
/** Whoever has the code is in; the next row finds them outside again. */
const withCode: Pick<ActionRow, 'given' | 'after'> = {
  given: ({ slug, joinCode }) => [slug, null, form({ code: joinCode })], after: (world) => world.enrolAgain(),
};
/** Students alone have teams; of one that there is not, a member is told so. */
const ofNoTeam = same('lnnnnfn');

export const actions: Record<string, ActionRow> = {
  [`action ${own} beginLink`]: { ...signedIn, given: () => [] },
  // A wrong word of confirmation is refused as the wrong person would be.
  [`action ${own} deleteMyAccount`]: { ...same('lffffff'), ...mine({ confirmation: 'wrong' }) },
  [`action ${own} dropSession`]: { ...signedIn, given: () => [form({ id: nothing })] },
  [`action ${own} dropToken`]: { ...signedIn, given: () => [form({ id: nothing })] },
  [`action ${own} makeToken`]: { ...signedIn, ...mine({ 'token-name': 'one', scope: 'read', days: '7' }) },
  [`action ${own} saveEmail`]: { ...signedIn, ...mine({ 'new-email': 'x', 'email-password': 'wrong' }) },
  [`action ${own} saveName`]: { ...signedIn, ...mine({ name: 'Another name' }) },
  [`action ${own} savePassword`]: { ...signedIn, ...mine({ 'old-password': 'wrong', 'new-password': 'long enough for it' }) },
  [`action ${own} sendVerification`]: { ...signedIn, given: () => [] },
  [`action ${own} signOut`]: { ...signedIn, given: () => [] },
  // Whoever is signed out is led to sign in.
  [`action ${own} signOutEverywhere`]: { ...same('lllllll'), given: () => [], after: (world) => world.signInAgain() },
  [`action ${own} signOutOthers`]: { ...signedIn, given: () => [], after: (world) => world.signInAgain() },
  [`action ${own} unlink`]: { ...same('lnnnnnn'), ...mine({ provider: 'github', subject: '1' }) },
  [`action ${own} viewAsMyself`]: { ...everybody, given: () => [] },
  [`action ${own} viewAsStudent`]: { ...signedIn, given: () => [] },
  'action account/notifications/actions dropWebhook': { ...same('lnnnnnn'), given: () => [nothing] },
  'action account/notifications/actions makeWebhook': { ...same('-++++++'), ...mine({ url: 'https://93.184.215.14/one', kind: 'evaluation-finished' }) },
  'action account/notifications/actions saveMail': { ...signedIn, ...mine({ mail: 'failed' }) },
  'action account/notifications/actions switchWebhook': { ...same('lnnnnnn'), given: () => [nothing, false] },
  'action account/notifications/actions tryWebhook': { ...same('lnnnnnn'), given: () => [nothing] },
  'action account/notifications/actions turnMailOff': { ...same('nnnnnnn'), given: () => ['forged'] },
  [`action ${site} changeRole`]: { ...administrators, ...onPerson({ role: 'instructor' }) },
  [`action ${site} deleteAccountOf`]: { ...administrators, ...onPerson({ sure: 'on' }) },
  [`action ${site} disable`]: { ...administrators, ...onPerson() },
  [`action ${site} enable`]: { ...administrators, ...onPerson() },
  [`action ${site} endSessions`]: { ...administrators, ...onPerson() },
  [`action ${site} makeResetLink`]: { ...administrators, ...onPerson() },
  [`action ${course}/announcements/actions post`]: { ...instructors, ...onChallenge({ title: 'News', body: 'None.' }) },
  [`action ${course}/announcements/actions remove`]: { ...instructors, given: async (world) => [world.slug, await world.announcement()] },
  [`action ${course}/desk/integrity/actions compareAnswers`]: { ...staff, ...onChallengeAlone },
  [`action ${course}/desk/phases/actions changeClass`]: { ...instructors, ...onChallenge({ kind: 'public' }) },
  [`action ${course}/desk/phases/actions closeAtOnce`]: {
    ...instructors, given: ({ slug }) => [slug, null, form({ 'confirm-close': slug })], after: (world) => world.reset(),
  },
  [`action ${course}/desk/phases/actions moveDeadline`]: { ...instructors, ...onChallenge({ deadline: '' }) },
  [`action ${course}/desk/phases/actions reveal`]: {
    ...instructors, given: ({ slug }) => [slug, null, form({ kind: 'public', 'confirm-public': slug })],
  },
  [`action ${course}/desk/phases/actions runFinal`]: { ...instructors, ...onChallenge() },
  [`action ${course}/desk/reevaluations/actions apply`]: { ...instructors, given: async (world) => [world.slug, await world.reevaluation(), null, form()] },
  [`action ${course}/desk/reevaluations/actions cancel`]: { ...instructors, given: async (world) => [world.slug, await world.reevaluation()] },
  [`action ${course}/desk/reevaluations/actions extend`]: { ...instructors, given: async (world) => [world.slug, await world.reevaluation()] },
  [`action ${course}/desk/reevaluations/actions start`]: {
    ...instructors, ...onChallenge({ phase: 'public', which: 'all', reason: 'A bug', protocol: 'present' }),
  },
  [`action ${course}/desk/regrades/actions answer`]: {
    ...same('lnn++n+'),
    given: async (world) => {
      const id = await world.regrade();
      return [id, null, form({ [`decision-${id}`]: 'decline', [`answer-${id}`]: 'It is right as it is.' })];
    },
  },
  [`action ${course}/grades/actions keepRule`]: { ...instructors, ...onChallenge({ scale: 'curve', steps: '50: 100' }) },
  [`action ${course}/join/actions claim`]: { ...signedIn, ...withCode },
  [`action ${course}/join/actions dropPseudonym`]: { ...same('l++++fn'), ...onChallengeAlone },
  [`action ${course}/join/actions join`]: { ...signedIn, ...withCode },
  [`action ${course}/join/actions leave`]: { ...same('l++++fn'), ...onChallengeAlone, after: (world) => world.enrolAgain() },
  [`action ${course}/join/actions savePseudonym`]: {
    ...same('l++++fn'), given: ({ slug }) => [slug, null, form({ pseudonym: `Nym ${randomUUID().slice(0, 8)}` })],
  },
  [`action ${course}/people/actions changeRole`]: { ...instructors, ...onMember({ role: 'assistant' }) },
  [`action ${course}/people/actions extend`]: { ...instructors, ...onMember({ until: '' }) },
  [`action ${course}/people/actions grantSuccesses`]: { ...instructors, ...onMember({ extra: '3' }) },
  [`action ${course}/people/actions moveTeam`]: { ...instructors, ...onMember({ team: '' }) },
  [`action ${course}/people/actions neutralise`]: { ...instructors, given: async (world) => [world.slug, await world.student()] },
  [`action ${course}/people/actions release`]: { ...instructors, given: async (world) => [world.slug, await world.place(await world.student())] },
  [`action ${course}/people/actions remove`]: { ...instructors, given: async (world) => [world.slug, await world.student()] },
  [`action ${course}/people/actions removeNote`]: { ...staff, given: async (world) => [world.slug, await world.note()] },
  [`action ${course}/people/actions writeNote`]: {
    ...staff, given: async (world) => [world.slug, { userId: await world.student() }, null, form({ note: 'Often late.' })],
  },
  [`action ${course}/people/roster/actions apply`]: { ...instructors, ...onChallenge({ csv: 'email,name\na@uni.test,A\n', digest: 'x' }) },
  [`action ${course}/people/roster/actions makeCodes`]: { ...same('----+-+'), given: async (world) => [world.slug, await world.place()] },
  [`action ${course}/people/roster/actions preview`]: {
    ...same('----+-+'),
    given: ({ slug }) => {
      const upload = form();
      upload.append('file', new File(['email,name\na@uni.test,A\n'], 'list.csv'));
      return [slug, null, upload];
    },
  },
  [`action ${course}/people/roster/actions removeFromRoster`]: { ...instructors, given: async (world) => [world.slug, await world.place()] },
  [`action ${course}/settings/actions addBaselines`]: { ...instructors, ...onChallenge() },
  [`action ${course}/settings/actions archive`]: { ...instructors, ...onChallengeAlone },
  [`action ${course}/settings/actions clone`]: {
    ...instructors, given: ({ slug }) => [slug, null, form({ ...dates, slug: `copy-${randomUUID().slice(0, 8)}`, title: 'A copy' })],
  },
  [`action ${course}/settings/actions closeAtOnce`]: { ...instructors, ...onChallengeAlone },
  [`action ${course}/settings/actions openAtOnce`]: { ...instructors, ...onChallengeAlone },
  [`action ${course}/settings/actions pause`]: { ...instructors, ...onChallenge({ reason: 'Repairs' }) },
  [`action ${course}/settings/actions renewJoinCode`]: { ...instructors, ...onChallengeAlone },
  [`action ${course}/settings/actions resume`]: { ...instructors, ...onChallengeAlone },
  [`action ${course}/settings/actions saveAbout`]: { ...instructors, ...onChallenge(about) },
  [`action ${course}/settings/actions saveDates`]: { ...instructors, ...onChallenge(dates) },
  [`action ${course}/settings/actions savePolicy`]: { ...instructors, ...onChallenge(policy) },
  [`action ${course}/settings/actions saveProtocol`]: { ...instructors, ...onChallenge({ protocol: 'current', primaryMetric: 'mixed' }) },
  [`action ${course}/settings/actions switchJoinCodeOff`]: { ...instructors, ...onChallengeAlone },
  [`action ${course}/settings/actions unarchive`]: { ...instructors, ...onChallengeAlone },
  // Of no draft: whoever is signed in is told so.
  [`action ${course}/submit/actions submitDraft`]: { ...same('lnnnnnn'), given: ({ slug }) => [slug, nothing, null, form({ name: 'mine' })] },
  [`action ${course}/team/actions accept`]: { ...members, given: ({ slug }) => [slug, nothing] },
  [`action ${course}/team/actions decline`]: { ...ofNoTeam, given: ({ slug }) => [slug, nothing] },
  [`action ${course}/team/actions dissolve`]: { ...members, ...onChallengeAlone },
  [`action ${course}/team/actions found`]: { ...members, ...onChallenge({ 'team-name': 'The team' }) },
  [`action ${course}/team/actions handOver`]: { ...members, given: ({ slug }) => [slug, nothing] },
  [`action ${course}/team/actions invite`]: { ...members, ...onChallenge({ email: 'nobody@uni.test' }) },
  [`action ${course}/team/actions leave`]: { ...members, ...onChallengeAlone },
  [`action ${course}/team/actions remove`]: { ...members, given: ({ slug }) => [slug, nothing] },
  [`action ${course}/team/actions rename`]: { ...ofNoTeam, given: ({ slug }) => [slug, nothing, null, form({ 'team-name': 'Others' })] },
  [`action ${course}/team/actions withdraw`]: { ...members, given: ({ slug }) => [slug, nothing] },
  'action challenges/fields/actions checkOwnProtocol': { ...same('---++++'), given: ({ protocolJson }) => [protocolJson] },
  'action challenges/new/actions makeChallenge': {
    ...same('lfff+++'), given: () => [null, form({ ...dates, ...about, ...measuring, ...policy, slug: `new-${randomUUID().slice(0, 8)}` })],
  },
  'action reset-password/actions ask': { ...everybody, ...mine({ email: 'nobody@uni.test' }) },
  'action reset-password/actions set': { ...everybody, ...mine({ code: 'forged', password: 'long enough for it' }) },
  'action setup/actions setUp': { ...same('fffffff'), ...mine({ token: 'forged', name: 'A', email: 'a@uni.test', password: 'long enough for it' }) },
  'action signup/actions signUp': {
    ...everybody, given: () => [null, form({ name: 'New', email: `${randomUUID()}@uni.test`, password: 'long enough for it' })],
  },
  'action submissions/[id]/integrity/actions askRegrade': {
    ...same('l+nffnf'), given: async (world) => [await world.submission(), null, form({ 'regrade-message': 'Look again.' })],
  },
  'action submissions/[id]/integrity/actions letBackIn': { ...same('nfnf+n+'), given: async (world) => [await world.submission()] },
  'action submissions/[id]/integrity/actions takeOut': {
    ...same('nfnf+n+'), given: async (world) => [await world.submission(), null, form({ 'disqualify-reason': 'A copy' })],
  },
  'action submissions/actions cancel': { ...same('n+nf+n+'), ...onSubmission },
  'action submissions/actions choose': { ...same('n+nffnf'), ...onSubmission },
  'action submissions/actions runFull': { ...same('n+nf+n+'), ...onSubmission },
  'action verify-email/actions verify': { ...signedIn, ...mine({ code: 'forged' }) },
};
