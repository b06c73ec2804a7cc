// What the page and its thread say to each other. Nothing of it leaves the browser.
import type { SubmissionProblem } from '../errors.ts';
import type { EngineInfo } from '../engines/engine.ts';
import type { Report } from '../evaluation/report.ts';
import type { UploadedFile } from '../formats/archive.ts';
import type { UploadOptions } from '../formats/canonical.ts';
import type { BaselineFile } from './baselines.ts';
import type { Played } from './play.ts';
import type { Setting } from './setting.ts';

export type OpenRequest = { files: readonly UploadedFile[]; options?: UploadOptions } | { baseline: BaselineFile };
export type Request = { id: number } & ({ open: OpenRequest } | { play: Setting });

/** What is known of the model that is open. */
export type OpenedModel = { report: Report; info: EngineInfo };
export type Reply = { id: number } & (
  | { opened: OpenedModel }
  | { played: Played }
  /** Something else was asked for before this was done. */
  | { superseded: true }
  /** The student's to mend. */
  | { problem: SubmissionProblem }
  | { error: string }
);
