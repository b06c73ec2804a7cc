ALTER TABLE "notifications" ADD COLUMN "email_problem" text;--> statement-breakpoint
ALTER TABLE "webhooks" ADD COLUMN "failures" smallint DEFAULT 0 NOT NULL;