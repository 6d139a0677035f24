DROP TRIGGER entity_insert_fulltext;

DROP TRIGGER entity_update_fulltext;

DROP TRIGGER entity_delete_fulltext;

DROP TRIGGER entity_alias_insert_fulltext;

DROP TRIGGER entity_alias_update_fulltext;

DROP TRIGGER entity_alias_delete_fulltext;

DROP TRIGGER proposition_insert_fulltext;

DROP TRIGGER proposition_update_fulltext;

DROP TRIGGER proposition_delete_fulltext;

DROP TRIGGER statement_insert_fulltext;

DROP TRIGGER statement_update_fulltext;

DROP TRIGGER statement_delete_fulltext;

DROP TABLE fulltext;

CREATE VIRTUAL TABLE fulltext USING fts5(words, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2');

INSERT INTO fulltext (fulltext, rank) VALUES ('hashsize', 8388608);

INSERT INTO fulltext (rowid, words)
SELECT id * 4 AS id, name || coalesce((SELECT ' ' || string_agg(a.name, ' ') FROM entity_alias AS a WHERE a.entity_id = entity.id), '') AS text FROM entity;

INSERT INTO fulltext (rowid, words)
SELECT id * 4 + 1 AS id, text FROM proposition;

INSERT INTO fulltext (rowid, words)
SELECT id * 4 + 2 AS id, text FROM statement;

INSERT INTO fulltext (fulltext, rank) VALUES ('hashsize', 1048576);

CREATE TRIGGER entity_insert_fulltext AFTER INSERT ON entity BEGIN INSERT OR REPLACE INTO fulltext (rowid, words) SELECT id * 4 AS id, name || coalesce((SELECT ' ' || string_agg(a.name, ' ') FROM entity_alias AS a WHERE a.entity_id = entity.id), '') AS text FROM entity WHERE id = new.id; END;

CREATE TRIGGER entity_update_fulltext AFTER UPDATE ON entity BEGIN INSERT OR REPLACE INTO fulltext (rowid, words) SELECT id * 4 AS id, name || coalesce((SELECT ' ' || string_agg(a.name, ' ') FROM entity_alias AS a WHERE a.entity_id = entity.id), '') AS text FROM entity WHERE id = new.id; END;

CREATE TRIGGER entity_delete_fulltext AFTER DELETE ON entity BEGIN DELETE FROM fulltext WHERE rowid = old.id * 4 + 0; END;

CREATE TRIGGER entity_alias_insert_fulltext AFTER INSERT ON entity_alias BEGIN INSERT OR REPLACE INTO fulltext (rowid, words) SELECT id * 4 AS id, name || coalesce((SELECT ' ' || string_agg(a.name, ' ') FROM entity_alias AS a WHERE a.entity_id = entity.id), '') AS text FROM entity WHERE id = new.entity_id; END;

CREATE TRIGGER entity_alias_update_fulltext AFTER UPDATE ON entity_alias BEGIN INSERT OR REPLACE INTO fulltext (rowid, words) SELECT id * 4 AS id, name || coalesce((SELECT ' ' || string_agg(a.name, ' ') FROM entity_alias AS a WHERE a.entity_id = entity.id), '') AS text FROM entity WHERE id = new.entity_id; END;

CREATE TRIGGER entity_alias_delete_fulltext AFTER DELETE ON entity_alias BEGIN INSERT OR REPLACE INTO fulltext (rowid, words) SELECT id * 4 AS id, name || coalesce((SELECT ' ' || string_agg(a.name, ' ') FROM entity_alias AS a WHERE a.entity_id = entity.id), '') AS text FROM entity WHERE id = old.entity_id; END;

CREATE TRIGGER proposition_insert_fulltext AFTER INSERT ON proposition BEGIN INSERT OR REPLACE INTO fulltext (rowid, words) SELECT id * 4 + 1 AS id, text FROM proposition WHERE id = new.id; END;

CREATE TRIGGER proposition_update_fulltext AFTER UPDATE ON proposition BEGIN INSERT OR REPLACE INTO fulltext (rowid, words) SELECT id * 4 + 1 AS id, text FROM proposition WHERE id = new.id; END;

CREATE TRIGGER proposition_delete_fulltext AFTER DELETE ON proposition BEGIN DELETE FROM fulltext WHERE rowid = old.id * 4 + 1; END;

CREATE TRIGGER statement_insert_fulltext AFTER INSERT ON statement BEGIN INSERT OR REPLACE INTO fulltext (rowid, words) SELECT id * 4 + 2 AS id, text FROM statement WHERE id = new.id; END;

CREATE TRIGGER statement_update_fulltext AFTER UPDATE ON statement BEGIN INSERT OR REPLACE INTO fulltext (rowid, words) SELECT id * 4 + 2 AS id, text FROM statement WHERE id = new.id; END;

CREATE TRIGGER statement_delete_fulltext AFTER DELETE ON statement BEGIN DELETE FROM fulltext WHERE rowid = old.id * 4 + 2; END;
