ALTER TABLE "shards" ADD COLUMN "turn" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
UPDATE "shards" SET "turn" = "queued_at" WHERE "status" IN ('queued', 'running');
