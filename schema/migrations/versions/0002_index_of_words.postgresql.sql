CREATE TABLE fulltext (id bigint PRIMARY KEY, words tsvector NOT NULL);

CREATE INDEX ix_fulltext_words ON fulltext USING gin (words);

CREATE TABLE fulltext_stale (id bigint NOT NULL);

CREATE FUNCTION fulltext_touched() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('INSERT INTO fulltext_stale SELECT %I * 4 + %s FROM touched', TG_ARGV[0], TG_ARGV[1]);
  RETURN NULL;
END $$;

CREATE FUNCTION fulltext_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM fulltext USING touched WHERE fulltext.id = touched.id * 4 + TG_ARGV[0]::int;
  RETURN NULL;
END $$;

CREATE TRIGGER entity_insert_fulltext AFTER INSERT ON entity REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION fulltext_touched('id', 0);

CREATE TRIGGER entity_update_fulltext AFTER UPDATE ON entity REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION fulltext_touched('id', 0);

CREATE TRIGGER entity_delete_fulltext AFTER DELETE ON entity REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION fulltext_gone(0);

CREATE TRIGGER entity_alias_insert_fulltext AFTER INSERT ON entity_alias REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION fulltext_touched('entity_id', 0);

CREATE TRIGGER entity_alias_update_fulltext AFTER UPDATE ON entity_alias REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION fulltext_touched('entity_id', 0);

CREATE TRIGGER entity_alias_delete_fulltext AFTER DELETE ON entity_alias REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION fulltext_touched('entity_id', 0);

CREATE TRIGGER proposition_insert_fulltext AFTER INSERT ON proposition REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION fulltext_touched('id', 1);

CREATE TRIGGER proposition_update_fulltext AFTER UPDATE ON proposition REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION fulltext_touched('id', 1);

CREATE TRIGGER proposition_delete_fulltext AFTER DELETE ON proposition REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION fulltext_gone(1);

CREATE TRIGGER statement_insert_fulltext AFTER INSERT ON statement REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION fulltext_touched('id', 2);

CREATE TRIGGER statement_update_fulltext AFTER UPDATE ON statement REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION fulltext_touched('id', 2);

CREATE TRIGGER statement_delete_fulltext AFTER DELETE ON statement REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION fulltext_gone(2);

INSERT INTO fulltext_stale
SELECT id * 4 FROM entity UNION ALL SELECT id * 4 + 1 FROM proposition UNION ALL SELECT id * 4 + 2 FROM statement;
