-- What earlier versions left otherwise: the ends of evaluations that were cancelled in a group, and of shards.
UPDATE "evaluations" SET "finished_at" = coalesce("finished_at", "started_at", "created_at") WHERE "status" IN ('finished', 'failed', 'cancelled') AND "finished_at" IS NULL;--> statement-breakpoint
UPDATE "evaluations" SET "finished_at" = NULL WHERE "status" IN ('queued', 'running') AND "finished_at" IS NOT NULL;--> statement-breakpoint
UPDATE "evaluations" SET "finished_at" = "started_at" WHERE "finished_at" < "started_at";--> statement-breakpoint
UPDATE "evaluations" SET "started_at" = "created_at" WHERE "status" = 'running' AND "started_at" IS NULL;--> statement-breakpoint
UPDATE "evaluations" SET "status" = 'running' WHERE "status" = 'queued' AND "started_at" IS NOT NULL;--> statement-breakpoint
UPDATE "shards" SET "finished_at" = coalesce("started_at", "queued_at") WHERE "status" IN ('done', 'failed') AND "finished_at" IS NULL;--> statement-breakpoint
UPDATE "shards" SET "finished_at" = NULL WHERE "status" IN ('queued', 'running') AND "finished_at" IS NOT NULL;--> statement-breakpoint
UPDATE "shards" SET "worker_id" = NULL WHERE "status" = 'queued' AND "worker_id" IS NOT NULL;--> statement-breakpoint
-- A migration is one transaction, and what waits for its end stands in the way of a changed table.
SET CONSTRAINTS ALL IMMEDIATE;--> statement-breakpoint
ALTER TABLE "evaluations" ADD CONSTRAINT "evaluations_failure_is_whole" CHECK (case "evaluations"."failure" ->> 'blame' when 'student' then "evaluations"."failure" ? 'problem' when 'platform' then "evaluations"."failure" ? 'message' else "evaluations"."failure" is null end);--> statement-breakpoint
ALTER TABLE "evaluations" ADD CONSTRAINT "evaluations_begun" CHECK (case "evaluations"."status" when 'queued' then "evaluations"."started_at" is null when 'running' then "evaluations"."started_at" is not null else true end);--> statement-breakpoint
ALTER TABLE "evaluations" ADD CONSTRAINT "evaluations_ended" CHECK (("evaluations"."status" in ('finished', 'failed', 'cancelled')) = ("evaluations"."finished_at" is not null));--> statement-breakpoint
ALTER TABLE "evaluations" ADD CONSTRAINT "evaluations_ended_after_begun" CHECK ("evaluations"."finished_at" >= "evaluations"."started_at");--> statement-breakpoint
ALTER TABLE "cells" ADD CONSTRAINT "cells_confusion" CHECK (case jsonb_typeof("cells"."confusion") when 'array' then jsonb_array_length("cells"."confusion") = 100 else false end);--> statement-breakpoint
ALTER TABLE "parts" ADD CONSTRAINT "parts_confusion" CHECK (case jsonb_typeof("parts"."confusion") when 'array' then jsonb_array_length("parts"."confusion") = 100 else false end);--> statement-breakpoint
ALTER TABLE "shards" ADD CONSTRAINT "shards_waiting" CHECK ("shards"."status" <> 'queued' or "shards"."worker_id" is null);--> statement-breakpoint
ALTER TABLE "shards" ADD CONSTRAINT "shards_running" CHECK ("shards"."status" <> 'running' or ("shards"."worker_id" is not null and "shards"."started_at" is not null));--> statement-breakpoint
ALTER TABLE "shards" ADD CONSTRAINT "shards_ended" CHECK (("shards"."status" in ('done', 'failed')) = ("shards"."finished_at" is not null));--> statement-breakpoint
-- For = on uuid and text within an exclusion constraint.
CREATE EXTENSION IF NOT EXISTS "btree_gist";--> statement-breakpoint
ALTER TABLE "parts" ADD CONSTRAINT "parts_disjoint" EXCLUDE USING gist ("evaluation_id" WITH =, "trial_id" WITH =, int4range("first_image", "end_image") WITH &&);--> statement-breakpoint
-- Refuses what was written, in the words of the constraint that it stands for.
CREATE FUNCTION "refuse"("constraint_name" text, "why" text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION '%: %', "constraint_name", "why" USING ERRCODE = 'check_violation', CONSTRAINT = "constraint_name";
END $$;
--> statement-breakpoint
-- After the row is there: one that is not inserted, because it is there already, refuses nothing.
CREATE FUNCTION "parts_wanted"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF NOT EXISTS (
		SELECT 1 FROM "shards" JOIN "evaluations" ON "evaluations"."id" = "shards"."evaluation_id"
		WHERE "shards"."evaluation_id" = NEW."evaluation_id" AND "shards"."trial_id" = NEW."trial_id"
			AND "shards"."first_image" <= NEW."first_image" AND "shards"."end_image" >= NEW."end_image"
			AND "evaluations"."status" IN ('queued', 'running')
	) THEN
		PERFORM "refuse"('parts_wanted', 'the part lies in no shard of an open evaluation');
	END IF;
	IF EXISTS (SELECT 1 FROM "cells" WHERE "evaluation_id" = NEW."evaluation_id" AND "trial_id" = NEW."trial_id") THEN
		PERFORM "refuse"('parts_wanted', 'the cell of the trial is there already');
	END IF;
	RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "parts_wanted" AFTER INSERT OR UPDATE ON "parts" FOR EACH ROW EXECUTE FUNCTION "parts_wanted"();--> statement-breakpoint
CREATE FUNCTION "shards_planned"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF EXISTS (
		SELECT 1 FROM "planned" JOIN "evaluations" ON "evaluations"."id" = "planned"."evaluation_id"
		WHERE "planned"."status" IN ('queued', 'running') AND "evaluations"."status" NOT IN ('queued', 'running')
	) THEN
		PERFORM "refuse"('shards_wanted', 'an evaluation that has ended gets no more work');
	END IF;
	IF EXISTS (
		SELECT 1 FROM (
			SELECT "first_image", lag("end_image") OVER (PARTITION BY "evaluation_id", "trial_id" ORDER BY "first_image") AS "before"
			FROM "shards" WHERE "evaluation_id" IN (SELECT "evaluation_id" FROM "planned")
		) AS "in_order" WHERE "before" > "first_image"
	) THEN
		PERFORM "refuse"('shards_disjoint', 'two shards of a trial share images');
	END IF;
	RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "shards_planned" AFTER INSERT ON "shards" REFERENCING NEW TABLE AS "planned" FOR EACH STATEMENT EXECUTE FUNCTION "shards_planned"();--> statement-breakpoint
CREATE FUNCTION "shards_stay"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF OLD."status" IN ('done', 'failed') THEN
		PERFORM "refuse"('shards_stay_ended', 'a shard that has ended runs no more');
	END IF;
	PERFORM "refuse"('shards_stay', 'what a shard is of does not change');
	RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "shards_stay_ended" AFTER UPDATE OF "status" ON "shards" FOR EACH ROW
	WHEN (OLD."status" IN ('done', 'failed') AND NEW."status" IN ('queued', 'running')) EXECUTE FUNCTION "shards_stay"();--> statement-breakpoint
CREATE TRIGGER "shards_stay" AFTER UPDATE OF "evaluation_id", "trial_id", "first_image", "end_image" ON "shards" FOR EACH ROW
	WHEN ((OLD."evaluation_id", OLD."trial_id", OLD."first_image", OLD."end_image") IS DISTINCT FROM (NEW."evaluation_id", NEW."trial_id", NEW."first_image", NEW."end_image"))
	EXECUTE FUNCTION "shards_stay"();--> statement-breakpoint
CREATE FUNCTION "evaluations_phase"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF (SELECT "challenge_id" FROM "phases" WHERE "id" = NEW."phase_id") <> (SELECT "challenge_id" FROM "submissions" WHERE "id" = NEW."submission_id") THEN
		PERFORM "refuse"('evaluations_phase', 'the phase and the submission are of two challenges');
	END IF;
	RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "evaluations_phase" AFTER INSERT OR UPDATE OF "phase_id", "submission_id" ON "evaluations" FOR EACH ROW EXECUTE FUNCTION "evaluations_phase"();--> statement-breakpoint
-- Of evaluations as they are when the transaction commits: what ends one and its shards may write them in any order.
CREATE FUNCTION "evaluations_whole"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	"is_now" "evaluation_status" := (SELECT "status" FROM "evaluations" WHERE "id" = NEW."id");
BEGIN
	IF "is_now" IS NULL OR "is_now" IN ('queued', 'running') THEN
		RETURN NULL;
	END IF;
	IF EXISTS (SELECT 1 FROM "shards" WHERE "evaluation_id" = NEW."id" AND ("status" IN ('queued', 'running') OR ("is_now" = 'finished' AND "status" <> 'done'))) THEN
		PERFORM "refuse"('evaluations_whole', format('an evaluation is %s, and a shard of it is not', "is_now"));
	END IF;
	IF "is_now" <> 'finished' THEN
		RETURN NULL;
	END IF;
	IF EXISTS (
		SELECT 1 FROM (SELECT "trial_id", sum("end_image" - "first_image") AS "images" FROM "shards" WHERE "evaluation_id" = NEW."id" GROUP BY "trial_id") AS "asked"
		LEFT JOIN "cells" ON "cells"."evaluation_id" = NEW."id" AND "cells"."trial_id" = "asked"."trial_id"
		WHERE "cells"."total" IS DISTINCT FROM "asked"."images"
	) THEN
		PERFORM "refuse"('evaluations_whole', 'a finished evaluation lacks a cell, or images of one');
	END IF;
	IF EXISTS (SELECT 1 FROM "parts" WHERE "evaluation_id" = NEW."id") THEN
		PERFORM "refuse"('evaluations_whole', 'a finished evaluation still has parts');
	END IF;
	RETURN NULL;
END $$;
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER "evaluations_whole" AFTER INSERT OR UPDATE OF "status" ON "evaluations" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
	WHEN (NEW."status" IN ('finished', 'failed', 'cancelled')) EXECUTE FUNCTION "evaluations_whole"();--> statement-breakpoint
CREATE FUNCTION "artifacts_whole"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF EXISTS (
		SELECT 1 FROM "artifacts" WHERE "sha256" = NEW."sha256"
			AND "bytes" <> (SELECT coalesce(sum(octet_length("content")), 0) FROM "artifact_chunks" WHERE "artifact_chunks"."sha256" = NEW."sha256")
	) THEN
		PERFORM "refuse"('artifacts_whole', 'the chunks of a content are not all its bytes');
	END IF;
	RETURN NULL;
END $$;
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER "artifacts_whole" AFTER INSERT ON "artifacts" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "artifacts_whole"();--> statement-breakpoint
SET CONSTRAINTS ALL DEFERRED;
