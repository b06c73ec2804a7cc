// What people do on the site: sign in, upload and wait for the score, keep a board open. Each request is due at a moment and counted from it.
import { setTimeout as wait } from 'node:timers/promises';
import { refreshDelay } from '../../../app/challenges/[slug]/refresh-delay.ts';
import { millisecondsBetween } from '../../../app/submissions/[id]/refresh-delay.ts';
import { Failed, newBrowser, type Browser } from './browser.ts';
import type { ModelMaker } from './models.ts';
import type { News } from './news.ts';
import type { Record } from './record.ts';
import type { Account } from './site.ts';
import type { Visit } from './timetable.ts';

export type School = { url: string; slug: string; record: Record; news: News; modelOf: ModelMaker; /** Milliseconds after which nobody waits for a score any longer. */ patience: number };
export type Student = {
  account: Account;
  browser: Browser;
  /** Resolves when signed in; undefined before that was tried. */
  signedIn?: Promise<void>;
  /** The upload under way, if one is: the upload page sends one after the other. */
  uploading?: Promise<unknown>;
};

export const newStudent = ({ url, record }: School, account: Account): Student => ({ account, browser: newBrowser(url, record) });

/** At that moment, or now when it has passed. */
export const until = (due: number, signal?: AbortSignal): Promise<void> => wait(Math.max(0, due - performance.now()), undefined, { signal });

/** As the sign-in page's script does it. Throws Failed. */
export async function signIn({ account, browser }: Student, due: number): Promise<void> {
  await browser.open('sign-in page', '/login', due);
  const began = performance.now();
  await browser.ask('what signing in asks first', '/api/auth/providers');
  const { text } = await browser.ask('what signing in asks first', '/api/auth/csrf');
  const { csrfToken } = JSON.parse(text) as { csrfToken: string };
  const body = new URLSearchParams({ ...account, csrfToken, callbackUrl: '/', json: 'true' });
  await browser.ask('sign in', '/api/auth/callback/credentials', { method: 'POST', body }, began);
  // The answer is a 200 whether the password fits or not.
  await browser.ask('signed in, asked for who it is', '/api/v1/me');
}

/** Once a browser, however many pages of it are open. */
const signedIn = (student: Student, due: number): Promise<void> => (student.signedIn ??= signIn(student, due));

/**
 * One visit of a student: the front page, the board, the upload page, an upload, the confirmation, the submission's page until the headline
 * shows, and the board again. A page is asked for when the one before has been looked at. Resolves when it has ended, however it did.
 */
export async function comeToUpload(school: School, student: Student, visit: Visit, start: number): Promise<void> {
  const { slug, record } = school;
  const { browser } = student;
  const looks = [...visit.looks];
  const looked = async () => {
    const due = performance.now() + 1000 * looks.shift()!;
    await until(due);
    return due;
  };
  try {
    const due = start + 1000 * visit.at;
    await until(due);
    await signedIn(student, due);
    await browser.open('front page', '/', await looked());
    await browser.open('board', `/challenges/${slug}`, await looked());
    await browser.refresh('upload page', `/challenges/${slug}/submit`, await looked());
    const name = `model ${visit.turn} of ${student.account.email}`;
    const bytes = school.modelOf(visit.size, name);
    const form = new FormData();
    form.set('challenge', slug);
    form.append('files', new File([bytes], 'model.onnx'), 'model.onnx');
    const send = (due: number) => browser.ask(`upload of ${visit.size}`, '/api/v1/drafts', { method: 'POST', body: form }, due);
    const chosen = await looked();
    const before = student.uploading;
    const sent = before ? before.then(() => send(performance.now())) : send(chosen);
    student.uploading = sent.catch(() => {});
    const { id: draftId } = JSON.parse((await sent).text) as { id: string };
    await browser.refresh('upload page with a draft', `/challenges/${slug}/submit?draft=${draftId}`);
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ draftId, name, comment: null, declaredTta: null });
    const confirmed = await looked();
    const { text: answer } = await browser.ask('confirm', '/api/v1/submissions', { method: 'POST', headers, body }, confirmed);
    await watch(school, browser, (JSON.parse(answer) as { submissionId: string }).submissionId, confirmed);
    await browser.refresh('board', `/challenges/${slug}`, await looked());
  } catch (error) {
    // A request that failed has been noted; whoever it belonged to gives up.
    if (!(error instanceof Failed)) record.failed('visit', String(error));
  }
}

/** Only while it is measured does the page say so. */
const headlineShown = (page: string) => page.includes('95 % interval');

/** Keeps a submission's page open, rendered anew when there is news, until it shows the headline. */
async function watch({ record, news, patience }: School, browser: Browser, id: string, confirmed: number): Promise<void> {
  const page = `/submissions/${id}`;
  const over = new AbortController();
  const ear = news.ear(id);
  let told = () => {};
  let changed = false;
  let rendered = performance.now();
  const listening = browser.listen('events of a submission', `/api/v1${page}/events`, () => {
    ear.heard('news to its submission’s page', performance.now());
    changed = true;
    told();
  }, over.signal);
  const late = setTimeout(() => {
    over.abort();
    told();
  }, patience);
  try {
    let shown = headlineShown((await browser.refresh('submission page', page)).text);
    while (!shown && !over.signal.aborted) {
      if (!changed) await new Promise<void>((resolve) => { told = resolve; });
      if (over.signal.aborted) break;
      await until(rendered + millisecondsBetween);
      changed = false;
      rendered = performance.now();
      shown = headlineShown((await browser.refresh('submission page, again', page)).text);
    }
    if (shown) record.took('headline shown, from confirm', performance.now() - confirmed);
    else record.failed('headline shown, from confirm', `not within ${patience / 1000} s`);
  } finally {
    clearTimeout(late);
    over.abort();
    await listening;
  }
}

/** Keeps the board open and renders it anew when it is told to, as its script does, until the signal aborts. */
export async function keepBoardOpen(school: School, viewer: Student, due: number, signal: AbortSignal): Promise<void> {
  const { slug, record, news } = school;
  const page = `/challenges/${slug}`;
  try {
    await until(due, signal);
    await signedIn(viewer, due);
    await viewer.browser.open('board', page, performance.now());
  } catch {
    return;
  }
  const ear = news.ear(slug);
  let last = performance.now();
  let took = 0;
  let watching = 1;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let underWay: Promise<unknown> | undefined;
  let waiting = false;
  const refresh = (wanted: number) => {
    timer = undefined;
    last = performance.now();
    const seen = ear.seen();
    underWay = viewer.browser.refresh('board, again', page, wanted).then(() => {
      for (const since of seen) record.took('a change to all boards that show it', performance.now() - since);
    }, () => {}).finally(() => {
      underWay = undefined;
      took = performance.now() - last;
      if (waiting && !signal.aborted) soon();
    });
  };
  const soon = () => {
    waiting = underWay !== undefined;
    if (waiting || timer) return;
    const wanted = performance.now() + refreshDelay({ since: performance.now() - last, took, watching });
    timer = setTimeout(refresh, wanted - performance.now(), wanted);
  };
  await viewer.browser.listen('events of the board', `/api/v1/challenges/${slug}/events`, (data) => {
    const { version, watching: others } = JSON.parse(data) as { version?: number; watching: number };
    watching = others;
    if (version !== undefined) return ear.ignore();
    ear.heard('news to an open board', performance.now());
    soon();
  }, signal);
  clearTimeout(timer);
  await underWay;
}
