CREATE TABLE "board_versions" (
	"challenge_id" uuid PRIMARY KEY NOT NULL,
	"version" bigint NOT NULL,
	"raised_by" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "board_versions" ADD CONSTRAINT "board_versions_challenge_id_challenges_id_fk" FOREIGN KEY ("challenge_id") REFERENCES "public"."challenges"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
-- Raises the version of a challenge's boards once a transaction, and tells whoever listens.
CREATE FUNCTION "raise_board_version"("of_challenge" uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO "board_versions" ("challenge_id", "version", "raised_by")
	SELECT "id", 1, txid_current() FROM "challenges" WHERE "id" = "of_challenge"
	ON CONFLICT ("challenge_id") DO UPDATE SET "version" = "board_versions"."version" + 1, "raised_by" = excluded."raised_by"
	WHERE "board_versions"."raised_by" <> excluded."raised_by";
	IF FOUND THEN
		PERFORM pg_notify('gauntlet_board', "of_challenge"::text);
	END IF;
END $$;
--> statement-breakpoint
CREATE FUNCTION "board_touched"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	"one" record;
BEGIN
	IF TG_OP = 'DELETE' THEN "one" := OLD; ELSE "one" := NEW; END IF;
	IF TG_TABLE_NAME IN ('ranks', 'evaluations') THEN
		PERFORM "raise_board_version"("challenge_id") FROM "phases" WHERE "id" = "one"."phase_id";
	ELSIF TG_TABLE_NAME = 'users' THEN
		PERFORM "raise_board_version"("found"."challenge_id")
		FROM (SELECT DISTINCT "challenge_id" FROM "submissions" WHERE "user_id" = "one"."id" ORDER BY 1) "found";
	ELSIF TG_TABLE_NAME = 'challenges' THEN
		PERFORM "raise_board_version"("one"."id");
	ELSE
		PERFORM "raise_board_version"("one"."challenge_id");
	END IF;
	RETURN NULL;
END $$;
--> statement-breakpoint
-- Deferred: the row of the version is locked only while a transaction commits, so that nobody waits for it holding what another wants.
CREATE CONSTRAINT TRIGGER "board_touched" AFTER INSERT OR DELETE OR UPDATE OF "phase_id", "status", "tier", "current", "reevaluation_id", "score", "corruption" ON "evaluations" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "board_touched"();--> statement-breakpoint
CREATE CONSTRAINT TRIGGER "board_touched" AFTER INSERT OR DELETE OR UPDATE ON "submissions" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "board_touched"();--> statement-breakpoint
CREATE CONSTRAINT TRIGGER "board_touched" AFTER INSERT OR DELETE OR UPDATE ON "ranks" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "board_touched"();--> statement-breakpoint
CREATE CONSTRAINT TRIGGER "board_touched" AFTER INSERT OR DELETE OR UPDATE OF "role", "pseudonym", "team_id" ON "members" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "board_touched"();--> statement-breakpoint
CREATE CONSTRAINT TRIGGER "board_touched" AFTER INSERT OR DELETE OR UPDATE OF "name" ON "teams" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "board_touched"();--> statement-breakpoint
CREATE CONSTRAINT TRIGGER "board_touched" AFTER UPDATE OF "name" ON "users" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "board_touched"();--> statement-breakpoint
CREATE CONSTRAINT TRIGGER "board_touched" AFTER UPDATE OF "policy", "primary_metric" ON "challenges" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "board_touched"();
