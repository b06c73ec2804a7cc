// The tables, their constraints and nothing else. Migrations under drizzle/ are generated from here.
export * from './schema/artifacts.ts';
export * from './schema/board.ts';
export * from './schema/challenges.ts';
export * from './schema/course.ts';
export * from './schema/people.ts';
export * from './schema/platform.ts';
export * from './schema/submissions.ts';
export * from './schema/work.ts';
