CREATE TABLE "similarity_reports" (
	"phase_id" uuid PRIMARY KEY NOT NULL,
	"requested_at" timestamp with time zone DEFAULT now() NOT NULL,
	"computed_at" timestamp with time zone,
	"report" jsonb
);
--> statement-breakpoint
ALTER TABLE "reevaluations" ADD COLUMN "new_class" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "reevaluations" ADD COLUMN "numerics_class" text;--> statement-breakpoint
ALTER TABLE "reevaluations" ADD COLUMN "comparison" jsonb;--> statement-breakpoint
ALTER TABLE "similarity_reports" ADD CONSTRAINT "similarity_reports_phase_id_phases_id_fk" FOREIGN KEY ("phase_id") REFERENCES "public"."phases"("id") ON DELETE cascade ON UPDATE no action;