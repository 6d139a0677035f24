INSERT INTO dataset (id, slug, title, description, licence, attribution, provenance, loaded_at, digest) VALUES
  (1, 'debate', 'A debate', 'Who said what.', 'CC0-1.0', 'Its coders', 'Made up.', '2024-06-01T09:30:00.000Z', 'd1'),
  (2, 'empty', 'Nothing yet', NULL, 'CC0-1.0', NULL, 'Made up.', '2024-06-02T09:30:00.000Z', 'd2');

INSERT INTO entity (id, dataset_id, slug, name, type, description, wikidata_id) VALUES
  (1, 1, 'elysee', 'Élysée Palace', 'GOVERNMENT', 'The presidency', 'Q188856'),
  (2, 1, 'ann', 'Ann', 'PERSON', NULL, NULL),
  (7, 1, 'gazette', 'The Gazette', 'MEDIA', NULL, NULL);

INSERT INTO entity_alias (id, entity_id, position, name) VALUES (1, 1, 0, 'Présidence'), (2, 2, 0, 'A. Example');

INSERT INTO source (id, dataset_id, slug, title, url, publisher_id, language, published_on, published_on_precision,
                    retrieved_on, text_sha256) VALUES
  (1, 1, 'report', 'A report', 'https://example.org/', 7, 'en', '2024-05-24', 'DAY', '2024-05-30', 'aa'),
  (2, 1, 'undated', 'Undated', NULL, NULL, NULL, NULL, NULL, NULL, NULL);

INSERT INTO source_author (id, source_id, position, name) VALUES (1, 1, 0, 'Ed Itor'), (2, 1, 1, 'Co Author');

INSERT INTO membership (id, member_id, organization_id, role, starts_on, starts_on_precision, ends_on,
                        ends_on_precision, source_id, locator_start, locator_end, locator_sha256) VALUES
  (1, 2, 1, 'adviser', '2020-01-01', 'YEAR', '2024-05-31', 'MONTH', 1, 0, 9,
   '0123456789012345678901234567890123456789012345678901234567890123'),
  (2, 2, 7, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);

INSERT INTO proposition (id, dataset_id, slug, text, topic, negation_of_id) VALUES
  (1, 1, 'act', 'One should act.', 'acting', NULL),
  (2, 1, 'not-act', 'One should not act.', NULL, 1);

INSERT INTO statement (id, dataset_id, slug, kind, text, language, speaker_id, on_behalf_of_id, source_id, stated_on,
                       stated_on_precision, venue, responds_to_id, locator_start, locator_end, locator_sha256) VALUES
  (1, 1, 'ann-acts', 'DIRECT_QUOTE', 'Escalation is no reason to wait: 100%.', 'en', 2, 1, 1, '2024-05-24', 'DAY',
   'Paris', NULL, 10, 20, '0123456789012345678901234567890123456789012345678901234567890123'),
  (2, 1, 'palace-waits', 'INDIRECT_QUOTE', 'The palace waits.', NULL, 1, NULL, 2, NULL, NULL, NULL, 1, NULL, NULL, NULL);

INSERT INTO stance (id, dataset_id, slug, revision, holder_id, proposition_id, position, condition, since,
                    since_precision, until, until_precision, confidence, recorded_at, superseded_at) VALUES
  (1, 1, 'ann-on-act', 1, 2, 1, 'SUPPORT', NULL, '2024-05-24', 'DAY', NULL, NULL, 0.25,
   '2024-06-01T09:30:00.000Z', '2024-06-02T09:30:00.000Z'),
  (2, 1, 'ann-on-act', 2, 2, 1, 'MIXED', 'if asked', '2024-05-24', 'DAY', '2024-05-31', 'MONTH', NULL,
   '2024-06-02T09:30:00.000Z', NULL),
  (3, 1, 'palace-on-act', 1, 1, 2, 'SUPPORT', NULL, NULL, NULL, NULL, NULL, NULL, '2024-06-01T09:30:00.000Z', NULL);

INSERT INTO evidence (stance_id, position, statement_id) VALUES (1, 0, 1), (2, 0, 1), (2, 1, 2), (3, 0, 2);
