-- What the role gauntlet_worker may do: claim shards, read the model and the protocol they are of, and hand in what came out.
-- It reads no address, password hash, session, token or seed, and changes nobody's rights, dates, quotas or names. Safe to run
-- again; run it after each migration, since it takes back whatever is not in this list.
revoke all on all tables in schema public, graphile_worker from gauntlet_worker;
revoke all on all functions in schema graphile_worker from gauntlet_worker;
grant usage on schema public, graphile_worker, drizzle to gauntlet_worker;
grant select on drizzle.__drizzle_migrations to gauntlet_worker;

-- Itself.
grant select, insert, update on workers to gauntlet_worker;

-- The work, and what comes of it.
grant select on shards, evaluations, parts, cells to gauntlet_worker;
grant update (status, worker_id, started_at, finished_at, limits_met, platform_failures, processor_seconds) on shards to gauntlet_worker;
grant update (status, score, failure, notes, started_at, finished_at) on evaluations to gauntlet_worker;
grant insert, delete on parts to gauntlet_worker;
grant insert on cells, adversarial_examples to gauntlet_worker;
grant select on artifacts, artifact_chunks to gauntlet_worker;

-- Of what it is about: never a seed, a join code or the rules.
grant select (id, challenge_id, user_id, team_id, name, model_sha256, report, baseline, declared_tta) on submissions to gauntlet_worker;
grant select (id, slug, title, primary_metric) on challenges to gauntlet_worker;
grant select (id, challenge_id, kind, numerics_class), update (numerics_class) on phases to gauntlet_worker;
grant select (id, new_class, numerics_class), update (numerics_class) on reevaluations to gauntlet_worker;

-- Telling: who is to hear of it (an id), and that boards have changed.
grant select (challenge_id, team_id, user_id) on members to gauntlet_worker;
grant insert, select (id, user_id, kind, subject_id) on notifications to gauntlet_worker;
grant select, insert, update on board_versions to gauntlet_worker;

-- The queue. Its tables have row security: of the jobs this role sees those it runs and those that it asks for.
grant select on graphile_worker.migrations, graphile_worker.jobs, graphile_worker._private_known_crontabs to gauntlet_worker;
grant select, insert on graphile_worker._private_tasks to gauntlet_worker;
grant select, insert, update on graphile_worker._private_job_queues to gauntlet_worker;
grant select, insert, update, delete on graphile_worker._private_jobs to gauntlet_worker;
grant usage on all sequences in schema graphile_worker to gauntlet_worker;
grant execute on all functions in schema graphile_worker to gauntlet_worker;

drop policy if exists gauntlet_worker_tasks on graphile_worker._private_tasks;
create policy gauntlet_worker_tasks on graphile_worker._private_tasks to gauntlet_worker using (true)
  with check (identifier like 'evaluate-shard%' or identifier in ('rank-phase', 'deliver-notifications'));
drop policy if exists gauntlet_worker_runs on graphile_worker._private_jobs;
create policy gauntlet_worker_runs on graphile_worker._private_jobs to gauntlet_worker
  using (task_id in (select id from graphile_worker._private_tasks where identifier like 'evaluate-shard%'));
drop policy if exists gauntlet_worker_asks on graphile_worker._private_jobs;
create policy gauntlet_worker_asks on graphile_worker._private_jobs for insert to gauntlet_worker
  with check (task_id in (select id from graphile_worker._private_tasks where identifier in ('rank-phase', 'deliver-notifications')));
drop policy if exists gauntlet_worker_sees on graphile_worker._private_jobs;
create policy gauntlet_worker_sees on graphile_worker._private_jobs for select to gauntlet_worker
  using (task_id in (select id from graphile_worker._private_tasks where identifier in ('rank-phase', 'deliver-notifications')));
drop policy if exists gauntlet_worker_asks_again on graphile_worker._private_jobs;
create policy gauntlet_worker_asks_again on graphile_worker._private_jobs for update to gauntlet_worker
  using (task_id in (select id from graphile_worker._private_tasks where identifier = 'rank-phase'));
