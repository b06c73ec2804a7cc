CREATE TABLE "adversarial_examples" (
	"evaluation_id" uuid NOT NULL,
	"trial_id" text NOT NULL,
	"position" integer NOT NULL,
	"prediction" smallint NOT NULL,
	"peak" double precision NOT NULL,
	"delta" "bytea" NOT NULL,
	CONSTRAINT "adversarial_examples_evaluation_id_trial_id_position_pk" PRIMARY KEY("evaluation_id","trial_id","position"),
	CONSTRAINT "adversarial_examples_position" CHECK ("adversarial_examples"."position" >= 0),
	CONSTRAINT "adversarial_examples_prediction" CHECK ("adversarial_examples"."prediction" between 0 and 9),
	CONSTRAINT "adversarial_examples_peak" CHECK ("adversarial_examples"."peak" between 0 and 1),
	CONSTRAINT "adversarial_examples_delta" CHECK (octet_length("adversarial_examples"."delta") = 784)
);
--> statement-breakpoint
ALTER TABLE "adversarial_examples" ADD CONSTRAINT "adversarial_examples_evaluation_id_evaluations_id_fk" FOREIGN KEY ("evaluation_id") REFERENCES "public"."evaluations"("id") ON DELETE cascade ON UPDATE no action;