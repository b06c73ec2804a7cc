ALTER TABLE "submissions" DROP CONSTRAINT "submissions_model_sha256_artifacts_sha256_fk";
--> statement-breakpoint
ALTER TABLE "submissions" ADD COLUMN "files_deleted_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "submissions" ADD COLUMN "stored_model" text GENERATED ALWAYS AS (case when files_deleted_at is null then model_sha256 end) STORED;--> statement-breakpoint
ALTER TABLE "submissions" ADD CONSTRAINT "submissions_stored_model_artifacts_sha256_fk" FOREIGN KEY ("stored_model") REFERENCES "public"."artifacts"("sha256") ON DELETE no action ON UPDATE no action;