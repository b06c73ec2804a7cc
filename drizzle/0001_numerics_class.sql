ALTER TABLE "phases" ADD COLUMN "numerics_class" text;--> statement-breakpoint
ALTER TABLE "shards" ADD COLUMN "attack" boolean DEFAULT false NOT NULL;