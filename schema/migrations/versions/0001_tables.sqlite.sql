CREATE TABLE dataset (
  id INTEGER NOT NULL,
  slug VARCHAR(120) NOT NULL,
  title VARCHAR NOT NULL,
  description TEXT,
  licence VARCHAR NOT NULL,
  attribution VARCHAR,
  provenance TEXT NOT NULL,
  loaded_at VARCHAR(24) NOT NULL,
  digest VARCHAR(64) NOT NULL,
  CONSTRAINT pk_dataset PRIMARY KEY (id),
  CONSTRAINT uq_dataset_slug UNIQUE (slug)
);

CREATE TABLE data_version (
  id INTEGER NOT NULL,
  identity VARCHAR(32) NOT NULL,
  number INTEGER NOT NULL,
  CONSTRAINT pk_data_version PRIMARY KEY (id),
  CONSTRAINT ck_data_version_one_row CHECK (id = 1)
);

CREATE TABLE entity (
  id INTEGER NOT NULL,
  dataset_id INTEGER NOT NULL,
  slug VARCHAR(120) NOT NULL,
  name VARCHAR NOT NULL,
  type VARCHAR(24) NOT NULL,
  description TEXT,
  wikidata_id VARCHAR(16),
  CONSTRAINT pk_entity PRIMARY KEY (id),
  CONSTRAINT ck_entity_slug_not_empty CHECK (length(slug) > 0),
  CONSTRAINT ck_entity_name_not_empty CHECK (length(name) > 0),
  CONSTRAINT fk_entity_dataset_id_dataset FOREIGN KEY(dataset_id) REFERENCES dataset (id),
  CONSTRAINT uq_entity_slug UNIQUE (slug),
  CONSTRAINT ck_entity_type_is_a_term CHECK (type IN ('PERSON', 'COUNTRY', 'GOVERNMENT', 'ORGANIZATION', 'PARTY', 'MEDIA', 'GROUP'))
);

CREATE INDEX ix_entity_dataset_id ON entity (dataset_id);

CREATE INDEX ix_entity_type ON entity (type);

CREATE INDEX ix_entity_name ON entity (name);

CREATE TABLE proposition (
  id INTEGER NOT NULL,
  dataset_id INTEGER NOT NULL,
  slug VARCHAR(120) NOT NULL,
  text TEXT NOT NULL,
  topic VARCHAR,
  topic_order VARCHAR NOT NULL GENERATED ALWAYS AS (coalesce(topic, '')),
  negation_of_id INTEGER,
  CONSTRAINT pk_proposition PRIMARY KEY (id),
  CONSTRAINT ck_proposition_slug_not_empty CHECK (length(slug) > 0),
  CONSTRAINT ck_proposition_text_not_empty CHECK (length(text) > 0),
  CONSTRAINT ck_proposition_no_negation_of_itself CHECK (negation_of_id <> id),
  CONSTRAINT fk_proposition_dataset_id_dataset FOREIGN KEY(dataset_id) REFERENCES dataset (id),
  CONSTRAINT uq_proposition_slug UNIQUE (slug),
  CONSTRAINT fk_proposition_negation_of_id_proposition FOREIGN KEY(negation_of_id) REFERENCES proposition (id)
);

CREATE INDEX ix_proposition_dataset_id ON proposition (dataset_id);

CREATE INDEX ix_proposition_topic ON proposition (topic);

CREATE INDEX ix_proposition_topic_order ON proposition (topic_order);

CREATE INDEX ix_proposition_negation_of_id ON proposition (negation_of_id);

CREATE TABLE entity_alias (
  id INTEGER NOT NULL,
  entity_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  name VARCHAR NOT NULL,
  CONSTRAINT pk_entity_alias PRIMARY KEY (id),
  CONSTRAINT uq_entity_alias_entity_id_position UNIQUE (entity_id, position),
  CONSTRAINT uq_entity_alias_entity_id_name UNIQUE (entity_id, name),
  CONSTRAINT fk_entity_alias_entity_id_entity FOREIGN KEY(entity_id) REFERENCES entity (id)
);

CREATE TABLE source (
  id INTEGER NOT NULL,
  dataset_id INTEGER NOT NULL,
  slug VARCHAR(120) NOT NULL,
  title VARCHAR NOT NULL,
  url VARCHAR,
  publisher_id INTEGER,
  language VARCHAR(35),
  published_on DATE,
  published_on_precision VARCHAR(24),
  published_on_order DATE NOT NULL GENERATED ALWAYS AS (coalesce(published_on, '0001-01-01')),
  retrieved_on DATE,
  text_sha256 VARCHAR(64),
  CONSTRAINT pk_source PRIMARY KEY (id),
  CONSTRAINT ck_source_slug_not_empty CHECK (length(slug) > 0),
  CONSTRAINT ck_source_published_on_has_precision CHECK ((published_on IS NULL) = (published_on_precision IS NULL)),
  CONSTRAINT fk_source_dataset_id_dataset FOREIGN KEY(dataset_id) REFERENCES dataset (id),
  CONSTRAINT uq_source_slug UNIQUE (slug),
  CONSTRAINT fk_source_publisher_id_entity FOREIGN KEY(publisher_id) REFERENCES entity (id),
  CONSTRAINT ck_source_published_on_precision_is_a_term CHECK (published_on_precision IN ('DAY', 'WEEK', 'MONTH', 'YEAR'))
);

CREATE INDEX ix_source_dataset_id ON source (dataset_id);

CREATE INDEX ix_source_published_on ON source (published_on);

CREATE INDEX ix_source_publisher_id ON source (publisher_id);

CREATE INDEX ix_source_title ON source (title);

CREATE INDEX ix_source_published_on_order ON source (published_on_order);

CREATE TABLE stance (
  id INTEGER NOT NULL,
  dataset_id INTEGER NOT NULL,
  slug VARCHAR(120) NOT NULL,
  revision INTEGER NOT NULL,
  holder_id INTEGER NOT NULL,
  proposition_id INTEGER NOT NULL,
  position VARCHAR(24) NOT NULL,
  condition TEXT,
  since DATE,
  since_precision VARCHAR(24),
  since_order DATE NOT NULL GENERATED ALWAYS AS (coalesce(since, '0001-01-01')),
  until DATE,
  until_precision VARCHAR(24),
  confidence FLOAT,
  recorded_at VARCHAR(24) NOT NULL,
  superseded_at VARCHAR(24),
  CONSTRAINT pk_stance PRIMARY KEY (id),
  CONSTRAINT ck_stance_slug_not_empty CHECK (length(slug) > 0),
  CONSTRAINT ck_stance_revision_from_one CHECK (revision > 0),
  CONSTRAINT ck_stance_confidence_from_0_to_1 CHECK (confidence BETWEEN 0 AND 1),
  CONSTRAINT ck_stance_since_before_until CHECK (since <= until),
  CONSTRAINT ck_stance_recorded_before_superseded CHECK (recorded_at < superseded_at),
  CONSTRAINT ck_stance_since_has_precision CHECK ((since IS NULL) = (since_precision IS NULL)),
  CONSTRAINT ck_stance_until_has_precision CHECK ((until IS NULL) = (until_precision IS NULL)),
  CONSTRAINT uq_stance_slug_revision UNIQUE (slug, revision),
  CONSTRAINT fk_stance_dataset_id_dataset FOREIGN KEY(dataset_id) REFERENCES dataset (id),
  CONSTRAINT fk_stance_holder_id_entity FOREIGN KEY(holder_id) REFERENCES entity (id),
  CONSTRAINT fk_stance_proposition_id_proposition FOREIGN KEY(proposition_id) REFERENCES proposition (id),
  CONSTRAINT ck_stance_position_is_a_term CHECK (position IN ('SUPPORT', 'OPPOSE', 'NEUTRAL', 'MIXED')),
  CONSTRAINT ck_stance_since_precision_is_a_term CHECK (since_precision IN ('DAY', 'WEEK', 'MONTH', 'YEAR')),
  CONSTRAINT ck_stance_until_precision_is_a_term CHECK (until_precision IN ('DAY', 'WEEK', 'MONTH', 'YEAR'))
);

CREATE INDEX ix_stance_holder_since ON stance (holder_id, since_order);

CREATE INDEX ix_stance_proposition_id ON stance (proposition_id);

CREATE INDEX ix_stance_position ON stance (position);

CREATE INDEX ix_stance_dataset_id ON stance (dataset_id);

CREATE INDEX ix_stance_until ON stance (until);

CREATE INDEX ix_stance_holder_id ON stance (holder_id);

CREATE UNIQUE INDEX ux_stance_current ON stance (slug) WHERE superseded_at IS NULL;

CREATE INDEX ix_stance_since_order ON stance (since_order);

CREATE INDEX ix_stance_proposition_since ON stance (proposition_id, since_order);

CREATE INDEX ix_stance_since ON stance (since);

CREATE TABLE membership (
  id INTEGER NOT NULL,
  member_id INTEGER NOT NULL,
  organization_id INTEGER NOT NULL,
  role VARCHAR,
  starts_on DATE,
  starts_on_precision VARCHAR(24),
  ends_on DATE,
  ends_on_precision VARCHAR(24),
  source_id INTEGER,
  locator_start INTEGER,
  locator_end INTEGER,
  locator_sha256 VARCHAR(64),
  CONSTRAINT pk_membership PRIMARY KEY (id),
  CONSTRAINT ck_membership_no_member_of_itself CHECK (member_id <> organization_id),
  CONSTRAINT ck_membership_starts_before_it_ends CHECK (starts_on <= ends_on),
  CONSTRAINT ck_membership_starts_on_has_precision CHECK ((starts_on IS NULL) = (starts_on_precision IS NULL)),
  CONSTRAINT ck_membership_ends_on_has_precision CHECK ((ends_on IS NULL) = (ends_on_precision IS NULL)),
  CONSTRAINT ck_membership_locator_is_whole CHECK ((locator_start IS NULL AND locator_end IS NULL AND locator_sha256 IS NULL) OR (locator_start >= 0 AND locator_start < locator_end AND length(locator_sha256) = 64)),
  CONSTRAINT ck_membership_locator_has_source CHECK (locator_start IS NULL OR source_id IS NOT NULL),
  CONSTRAINT fk_membership_member_id_entity FOREIGN KEY(member_id) REFERENCES entity (id),
  CONSTRAINT fk_membership_organization_id_entity FOREIGN KEY(organization_id) REFERENCES entity (id),
  CONSTRAINT ck_membership_starts_on_precision_is_a_term CHECK (starts_on_precision IN ('DAY', 'WEEK', 'MONTH', 'YEAR')),
  CONSTRAINT ck_membership_ends_on_precision_is_a_term CHECK (ends_on_precision IN ('DAY', 'WEEK', 'MONTH', 'YEAR')),
  CONSTRAINT fk_membership_source_id_source FOREIGN KEY(source_id) REFERENCES source (id)
);

CREATE INDEX ix_membership_member_id ON membership (member_id);

CREATE INDEX ix_membership_source_id ON membership (source_id);

CREATE INDEX ix_membership_organization_id ON membership (organization_id);

CREATE TABLE source_author (
  id INTEGER NOT NULL,
  source_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  name VARCHAR NOT NULL,
  CONSTRAINT pk_source_author PRIMARY KEY (id),
  CONSTRAINT uq_source_author_source_id_position UNIQUE (source_id, position),
  CONSTRAINT uq_source_author_source_id_name UNIQUE (source_id, name),
  CONSTRAINT fk_source_author_source_id_source FOREIGN KEY(source_id) REFERENCES source (id)
);

CREATE TABLE statement (
  id INTEGER NOT NULL,
  dataset_id INTEGER NOT NULL,
  slug VARCHAR(120) NOT NULL,
  kind VARCHAR(24) NOT NULL,
  text TEXT NOT NULL,
  language VARCHAR(35),
  speaker_id INTEGER NOT NULL,
  on_behalf_of_id INTEGER,
  source_id INTEGER NOT NULL,
  stated_on DATE,
  stated_on_precision VARCHAR(24),
  stated_on_order DATE NOT NULL GENERATED ALWAYS AS (coalesce(stated_on, '0001-01-01')),
  venue VARCHAR,
  responds_to_id INTEGER,
  locator_start INTEGER,
  locator_end INTEGER,
  locator_sha256 VARCHAR(64),
  CONSTRAINT pk_statement PRIMARY KEY (id),
  CONSTRAINT ck_statement_slug_not_empty CHECK (length(slug) > 0),
  CONSTRAINT ck_statement_text_not_empty CHECK (length(text) > 0),
  CONSTRAINT ck_statement_no_response_to_itself CHECK (responds_to_id <> id),
  CONSTRAINT ck_statement_stated_on_has_precision CHECK ((stated_on IS NULL) = (stated_on_precision IS NULL)),
  CONSTRAINT ck_statement_locator_is_whole CHECK ((locator_start IS NULL AND locator_end IS NULL AND locator_sha256 IS NULL) OR (locator_start >= 0 AND locator_start < locator_end AND length(locator_sha256) = 64)),
  CONSTRAINT fk_statement_dataset_id_dataset FOREIGN KEY(dataset_id) REFERENCES dataset (id),
  CONSTRAINT uq_statement_slug UNIQUE (slug),
  CONSTRAINT ck_statement_kind_is_a_term CHECK (kind IN ('DIRECT_QUOTE', 'MIXED_QUOTE', 'INDIRECT_QUOTE', 'REPORTED_POSITION', 'ACTION', 'DOCUMENT', 'VOTE')),
  CONSTRAINT fk_statement_speaker_id_entity FOREIGN KEY(speaker_id) REFERENCES entity (id),
  CONSTRAINT fk_statement_on_behalf_of_id_entity FOREIGN KEY(on_behalf_of_id) REFERENCES entity (id),
  CONSTRAINT fk_statement_source_id_source FOREIGN KEY(source_id) REFERENCES source (id),
  CONSTRAINT ck_statement_stated_on_precision_is_a_term CHECK (stated_on_precision IN ('DAY', 'WEEK', 'MONTH', 'YEAR')),
  CONSTRAINT fk_statement_responds_to_id_statement FOREIGN KEY(responds_to_id) REFERENCES statement (id)
);

CREATE INDEX ix_statement_kind ON statement (kind);

CREATE INDEX ix_statement_stated_on ON statement (stated_on);

CREATE INDEX ix_statement_on_behalf_of_id ON statement (on_behalf_of_id);

CREATE INDEX ix_statement_responds_to_id ON statement (responds_to_id);

CREATE INDEX ix_statement_stated_on_order ON statement (stated_on_order);

CREATE INDEX ix_statement_dataset_id ON statement (dataset_id);

CREATE INDEX ix_statement_source_id ON statement (source_id);

CREATE INDEX ix_statement_speaker_stated_on ON statement (speaker_id, stated_on_order);

CREATE INDEX ix_statement_speaker_id ON statement (speaker_id);

CREATE TABLE evidence (
  stance_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  statement_id INTEGER NOT NULL,
  CONSTRAINT pk_evidence PRIMARY KEY (stance_id, position),
  CONSTRAINT uq_evidence_stance_id_statement_id UNIQUE (stance_id, statement_id),
  CONSTRAINT fk_evidence_stance_id_stance FOREIGN KEY(stance_id) REFERENCES stance (id),
  CONSTRAINT fk_evidence_statement_id_statement FOREIGN KEY(statement_id) REFERENCES statement (id)
);

CREATE INDEX ix_evidence_statement_id ON evidence (statement_id);

INSERT INTO data_version (id, identity, number) VALUES (1, lower(hex(randomblob(16))), 0);

CREATE TRIGGER dataset_insert_version AFTER INSERT ON dataset BEGIN UPDATE data_version SET number = number + 1; END;

CREATE TRIGGER dataset_update_version AFTER UPDATE ON dataset BEGIN UPDATE data_version SET number = number + 1; END;

CREATE TRIGGER dataset_delete_version AFTER DELETE ON dataset BEGIN UPDATE data_version SET number = number + 1; END;

CREATE TRIGGER entity_insert_version AFTER INSERT ON entity BEGIN UPDATE data_version SET number = number + 1; END;

CREATE TRIGGER entity_update_version AFTER UPDATE ON entity BEGIN UPDATE data_version SET number = number + 1; END;

CREATE TRIGGER entity_delete_version AFTER DELETE ON entity BEGIN UPDATE data_version SET number = number + 1; END;

CREATE TRIGGER proposition_insert_version AFTER INSERT ON proposition BEGIN UPDATE data_version SET number = number + 1; END;

CREATE TRIGGER proposition_update_version AFTER UPDATE ON proposition BEGIN UPDATE data_version SET number = number + 1; END;

CREATE TRIGGER proposition_delete_version AFTER DELETE ON proposition BEGIN UPDATE data_version SET number = number + 1; END;

CREATE TRIGGER entity_alias_insert_version AFTER INSERT ON entity_alias BEGIN UPDATE data_version SET number = number + 1; END;

CREATE TRIGGER entity_alias_update_version AFTER UPDATE ON entity_alias BEGIN UPDATE data_version SET number = number + 1; END;

CREATE TRIGGER entity_alias_delete_version AFTER DELETE ON entity_alias BEGIN UPDATE data_version SET number = number + 1; END;

CREATE TRIGGER source_insert_version AFTER INSERT ON source BEGIN UPDATE data_version SET number = number + 1; END;

CREATE TRIGGER source_update_version AFTER UPDATE ON source BEGIN UPDATE data_version SET number = number + 1; END;

CREATE TRIGGER source_delete_version AFTER DELETE ON source BEGIN UPDATE data_version SET number = number + 1; END;

CREATE TRIGGER stance_insert_version AFTER INSERT ON stance BEGIN UPDATE data_version SET number = number + 1; END;

CREATE TRIGGER stance_update_version AFTER UPDATE ON stance BEGIN UPDATE data_version SET number = number + 1; END;

CREATE TRIGGER stance_delete_version AFTER DELETE ON stance BEGIN UPDATE data_version SET number = number + 1; END;

CREATE TRIGGER membership_insert_version AFTER INSERT ON membership BEGIN UPDATE data_version SET number = number + 1; END;

CREATE TRIGGER membership_update_version AFTER UPDATE ON membership BEGIN UPDATE data_version SET number = number + 1; END;

CREATE TRIGGER membership_delete_version AFTER DELETE ON membership BEGIN UPDATE data_version SET number = number + 1; END;

CREATE TRIGGER source_author_insert_version AFTER INSERT ON source_author BEGIN UPDATE data_version SET number = number + 1; END;

CREATE TRIGGER source_author_update_version AFTER UPDATE ON source_author BEGIN UPDATE data_version SET number = number + 1; END;

CREATE TRIGGER source_author_delete_version AFTER DELETE ON source_author BEGIN UPDATE data_version SET number = number + 1; END;

CREATE TRIGGER statement_insert_version AFTER INSERT ON statement BEGIN UPDATE data_version SET number = number + 1; END;

CREATE TRIGGER statement_update_version AFTER UPDATE ON statement BEGIN UPDATE data_version SET number = number + 1; END;

CREATE TRIGGER statement_delete_version AFTER DELETE ON statement BEGIN UPDATE data_version SET number = number + 1; END;

CREATE TRIGGER evidence_insert_version AFTER INSERT ON evidence BEGIN UPDATE data_version SET number = number + 1; END;

CREATE TRIGGER evidence_update_version AFTER UPDATE ON evidence BEGIN UPDATE data_version SET number = number + 1; END;

CREATE TRIGGER evidence_delete_version AFTER DELETE ON evidence BEGIN UPDATE data_version SET number = number + 1; END;

CREATE VIRTUAL TABLE fulltext USING fts5(name, text, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2');

CREATE TRIGGER entity_insert_fulltext AFTER INSERT ON entity BEGIN INSERT OR REPLACE INTO fulltext (rowid, name, text) SELECT id * 4, name || coalesce((SELECT ' ' || group_concat(a.name, ' ') FROM entity_alias AS a WHERE a.entity_id = entity.id), ''), NULL FROM entity WHERE id = new.id; END;

CREATE TRIGGER entity_update_fulltext AFTER UPDATE ON entity BEGIN INSERT OR REPLACE INTO fulltext (rowid, name, text) SELECT id * 4, name || coalesce((SELECT ' ' || group_concat(a.name, ' ') FROM entity_alias AS a WHERE a.entity_id = entity.id), ''), NULL FROM entity WHERE id = new.id; END;

CREATE TRIGGER entity_delete_fulltext AFTER DELETE ON entity BEGIN DELETE FROM fulltext WHERE rowid = old.id * 4 + 0; END;

CREATE TRIGGER entity_alias_insert_fulltext AFTER INSERT ON entity_alias BEGIN INSERT OR REPLACE INTO fulltext (rowid, name, text) SELECT id * 4, name || coalesce((SELECT ' ' || group_concat(a.name, ' ') FROM entity_alias AS a WHERE a.entity_id = entity.id), ''), NULL FROM entity WHERE id = new.entity_id; END;

CREATE TRIGGER entity_alias_update_fulltext AFTER UPDATE ON entity_alias BEGIN INSERT OR REPLACE INTO fulltext (rowid, name, text) SELECT id * 4, name || coalesce((SELECT ' ' || group_concat(a.name, ' ') FROM entity_alias AS a WHERE a.entity_id = entity.id), ''), NULL FROM entity WHERE id = new.entity_id; END;

CREATE TRIGGER entity_alias_delete_fulltext AFTER DELETE ON entity_alias BEGIN INSERT OR REPLACE INTO fulltext (rowid, name, text) SELECT id * 4, name || coalesce((SELECT ' ' || group_concat(a.name, ' ') FROM entity_alias AS a WHERE a.entity_id = entity.id), ''), NULL FROM entity WHERE id = old.entity_id; END;

CREATE TRIGGER proposition_insert_fulltext AFTER INSERT ON proposition BEGIN INSERT OR REPLACE INTO fulltext (rowid, name, text) SELECT id * 4 + 1, NULL, text FROM proposition WHERE id = new.id; END;

CREATE TRIGGER proposition_update_fulltext AFTER UPDATE ON proposition BEGIN INSERT OR REPLACE INTO fulltext (rowid, name, text) SELECT id * 4 + 1, NULL, text FROM proposition WHERE id = new.id; END;

CREATE TRIGGER proposition_delete_fulltext AFTER DELETE ON proposition BEGIN DELETE FROM fulltext WHERE rowid = old.id * 4 + 1; END;

CREATE TRIGGER statement_insert_fulltext AFTER INSERT ON statement BEGIN INSERT OR REPLACE INTO fulltext (rowid, name, text) SELECT id * 4 + 2, NULL, text FROM statement WHERE id = new.id; END;

CREATE TRIGGER statement_update_fulltext AFTER UPDATE ON statement BEGIN INSERT OR REPLACE INTO fulltext (rowid, name, text) SELECT id * 4 + 2, NULL, text FROM statement WHERE id = new.id; END;

CREATE TRIGGER statement_delete_fulltext AFTER DELETE ON statement BEGIN DELETE FROM fulltext WHERE rowid = old.id * 4 + 2; END;
