CREATE TYPE "public"."evaluation_status" AS ENUM('queued', 'running', 'finished', 'failed');--> statement-breakpoint
CREATE TYPE "public"."phase_kind" AS ENUM('public', 'final');--> statement-breakpoint
CREATE TYPE "public"."role" AS ENUM('student', 'instructor', 'administrator');--> statement-breakpoint
CREATE TYPE "public"."shard_status" AS ENUM('queued', 'running', 'done', 'failed');--> statement-breakpoint
CREATE TABLE "api_tokens" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"user_id" uuid NOT NULL,
	"name" text NOT NULL,
	"token_hash" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_used_at" timestamp with time zone,
	"expires_at" timestamp with time zone,
	CONSTRAINT "api_tokens_token_hash_unique" UNIQUE("token_hash")
);
--> statement-breakpoint
CREATE TABLE "artifact_chunks" (
	"sha256" text NOT NULL,
	"position" integer NOT NULL,
	"content" "bytea" NOT NULL,
	CONSTRAINT "artifact_chunks_sha256_position_pk" PRIMARY KEY("sha256","position")
);
--> statement-breakpoint
CREATE TABLE "artifacts" (
	"sha256" text PRIMARY KEY NOT NULL,
	"bytes" bigint NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"used_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "cells" (
	"evaluation_id" uuid NOT NULL,
	"trial_id" text NOT NULL,
	"correct_bits" "bytea" NOT NULL,
	"predictions" "bytea" NOT NULL,
	"confusion" jsonb NOT NULL,
	"seconds" double precision NOT NULL,
	"engine" text NOT NULL,
	"device" text NOT NULL,
	"diagnostics" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"total" integer NOT NULL,
	"correct" integer NOT NULL,
	CONSTRAINT "cells_evaluation_id_trial_id_pk" PRIMARY KEY("evaluation_id","trial_id"),
	CONSTRAINT "cells_counts" CHECK ("cells"."correct" between 0 and "cells"."total"),
	CONSTRAINT "cells_predictions_length" CHECK (octet_length("cells"."predictions") = "cells"."total"),
	CONSTRAINT "cells_bits_match" CHECK (octet_length("cells"."correct_bits") = ("cells"."total" + 7) / 8 and bit_count("cells"."correct_bits") = "cells"."correct")
);
--> statement-breakpoint
CREATE TABLE "challenges" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"slug" text NOT NULL,
	"title" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"protocol" jsonb NOT NULL,
	"primary_metric" text DEFAULT 'mixed' NOT NULL,
	"opens_at" timestamp with time zone DEFAULT now() NOT NULL,
	"closes_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "challenges_slug_unique" UNIQUE("slug"),
	CONSTRAINT "challenges_slug_format" CHECK ("challenges"."slug" ~ '^[a-z0-9-]{1,64}$')
);
--> statement-breakpoint
CREATE TABLE "drafts" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"user_id" uuid NOT NULL,
	"challenge_id" uuid NOT NULL,
	"files" jsonb NOT NULL,
	"model_sha256" text,
	"report" jsonb,
	"problem" jsonb,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "drafts_report_or_problem" CHECK (("drafts"."model_sha256" is null) = ("drafts"."problem" is not null))
);
--> statement-breakpoint
CREATE TABLE "evaluations" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"submission_id" uuid NOT NULL,
	"phase_id" uuid NOT NULL,
	"protocol" jsonb NOT NULL,
	"status" "evaluation_status" DEFAULT 'queued' NOT NULL,
	"failure" jsonb,
	"score" jsonb,
	"notes" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	CONSTRAINT "evaluations_once_a_phase" UNIQUE("submission_id","phase_id"),
	CONSTRAINT "evaluations_failed_has_reason" CHECK (("evaluations"."status" = 'failed') = ("evaluations"."failure" is not null)),
	CONSTRAINT "evaluations_finished_has_score" CHECK ("evaluations"."status" <> 'finished' or ("evaluations"."score" is not null and "evaluations"."finished_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "parts" (
	"evaluation_id" uuid NOT NULL,
	"trial_id" text NOT NULL,
	"correct_bits" "bytea" NOT NULL,
	"predictions" "bytea" NOT NULL,
	"confusion" jsonb NOT NULL,
	"seconds" double precision NOT NULL,
	"engine" text NOT NULL,
	"device" text NOT NULL,
	"diagnostics" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"first_image" integer NOT NULL,
	"end_image" integer NOT NULL,
	"worker_id" uuid,
	CONSTRAINT "parts_evaluation_id_trial_id_first_image_pk" PRIMARY KEY("evaluation_id","trial_id","first_image"),
	CONSTRAINT "parts_range" CHECK ("parts"."first_image" >= 0 and "parts"."end_image" > "parts"."first_image"),
	CONSTRAINT "parts_predictions_length" CHECK (octet_length("parts"."predictions") = "parts"."end_image" - "parts"."first_image"),
	CONSTRAINT "parts_bits_length" CHECK (octet_length("parts"."correct_bits") = ("parts"."end_image" - "parts"."first_image" + 7) / 8)
);
--> statement-breakpoint
CREATE TABLE "phases" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"challenge_id" uuid NOT NULL,
	"kind" "phase_kind" NOT NULL,
	"seed" "bytea" NOT NULL,
	"seed_commitment" text NOT NULL,
	"revealed_at" timestamp with time zone,
	CONSTRAINT "phases_one_of_a_kind" UNIQUE("challenge_id","kind"),
	CONSTRAINT "phases_seed_length" CHECK (octet_length("phases"."seed") = 32)
);
--> statement-breakpoint
CREATE TABLE "ranks" (
	"phase_id" uuid NOT NULL,
	"submission_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"rank" integer NOT NULL,
	"rank_low" integer NOT NULL,
	"rank_high" integer NOT NULL,
	"computed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "ranks_phase_id_submission_id_pk" PRIMARY KEY("phase_id","submission_id"),
	CONSTRAINT "ranks_position" UNIQUE("phase_id","position"),
	CONSTRAINT "ranks_order" CHECK (1 <= "ranks"."rank_low" and "ranks"."rank_low" <= "ranks"."rank_high")
);
--> statement-breakpoint
CREATE TABLE "shards" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"evaluation_id" uuid NOT NULL,
	"trial_id" text NOT NULL,
	"first_image" integer NOT NULL,
	"end_image" integer NOT NULL,
	"headline" boolean NOT NULL,
	"estimated_seconds" double precision NOT NULL,
	"priority" smallint NOT NULL,
	"ordinal" integer NOT NULL,
	"queued_at" timestamp with time zone DEFAULT now() NOT NULL,
	"status" "shard_status" DEFAULT 'queued' NOT NULL,
	"worker_id" uuid,
	"limits_met" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"platform_failures" smallint DEFAULT 0 NOT NULL,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	CONSTRAINT "shards_once" UNIQUE("evaluation_id","trial_id","first_image"),
	CONSTRAINT "shards_range" CHECK ("shards"."first_image" >= 0 and "shards"."end_image" > "shards"."first_image")
);
--> statement-breakpoint
CREATE TABLE "submissions" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"challenge_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"name" text NOT NULL,
	"files" jsonb NOT NULL,
	"model_sha256" text NOT NULL,
	"report" jsonb NOT NULL,
	"baseline" boolean DEFAULT false NOT NULL,
	"draft_id" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "submissions_draft_id_unique" UNIQUE("draft_id"),
	CONSTRAINT "submissions_name_length" CHECK (length("submissions"."name") between 1 and 100)
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"email" text NOT NULL,
	"name" text NOT NULL,
	"password_hash" text,
	"role" "role" DEFAULT 'student' NOT NULL,
	"session_id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "users_name_not_empty" CHECK (length(trim("users"."name")) > 0)
);
--> statement-breakpoint
CREATE TABLE "workers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"engine" text NOT NULL,
	"device" text NOT NULL,
	"concurrency" smallint NOT NULL,
	"missing_layers" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"queue_worker_ids" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"shards_done" integer DEFAULT 0 NOT NULL,
	"child_failures" integer DEFAULT 0 NOT NULL,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL,
	"heartbeat_at" timestamp with time zone DEFAULT now() NOT NULL,
	"stopped_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "api_tokens" ADD CONSTRAINT "api_tokens_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "artifact_chunks" ADD CONSTRAINT "artifact_chunks_sha256_artifacts_sha256_fk" FOREIGN KEY ("sha256") REFERENCES "public"."artifacts"("sha256") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cells" ADD CONSTRAINT "cells_evaluation_id_evaluations_id_fk" FOREIGN KEY ("evaluation_id") REFERENCES "public"."evaluations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "drafts" ADD CONSTRAINT "drafts_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "drafts" ADD CONSTRAINT "drafts_challenge_id_challenges_id_fk" FOREIGN KEY ("challenge_id") REFERENCES "public"."challenges"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "drafts" ADD CONSTRAINT "drafts_model_sha256_artifacts_sha256_fk" FOREIGN KEY ("model_sha256") REFERENCES "public"."artifacts"("sha256") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evaluations" ADD CONSTRAINT "evaluations_submission_id_submissions_id_fk" FOREIGN KEY ("submission_id") REFERENCES "public"."submissions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evaluations" ADD CONSTRAINT "evaluations_phase_id_phases_id_fk" FOREIGN KEY ("phase_id") REFERENCES "public"."phases"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "parts" ADD CONSTRAINT "parts_evaluation_id_evaluations_id_fk" FOREIGN KEY ("evaluation_id") REFERENCES "public"."evaluations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "phases" ADD CONSTRAINT "phases_challenge_id_challenges_id_fk" FOREIGN KEY ("challenge_id") REFERENCES "public"."challenges"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ranks" ADD CONSTRAINT "ranks_phase_id_phases_id_fk" FOREIGN KEY ("phase_id") REFERENCES "public"."phases"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ranks" ADD CONSTRAINT "ranks_submission_id_submissions_id_fk" FOREIGN KEY ("submission_id") REFERENCES "public"."submissions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "shards" ADD CONSTRAINT "shards_evaluation_id_evaluations_id_fk" FOREIGN KEY ("evaluation_id") REFERENCES "public"."evaluations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "submissions" ADD CONSTRAINT "submissions_challenge_id_challenges_id_fk" FOREIGN KEY ("challenge_id") REFERENCES "public"."challenges"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "submissions" ADD CONSTRAINT "submissions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "submissions" ADD CONSTRAINT "submissions_model_sha256_artifacts_sha256_fk" FOREIGN KEY ("model_sha256") REFERENCES "public"."artifacts"("sha256") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "drafts_by_expiry" ON "drafts" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "shards_unfinished" ON "shards" USING btree ("status","priority") WHERE "shards"."status" in ('queued', 'running');--> statement-breakpoint
CREATE INDEX "shards_by_finish" ON "shards" USING btree ("finished_at");--> statement-breakpoint
CREATE INDEX "submissions_by_user" ON "submissions" USING btree ("user_id","created_at");--> statement-breakpoint
CREATE INDEX "submissions_by_challenge" ON "submissions" USING btree ("challenge_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "users_email_unique" ON "users" USING btree (lower("email"));