SELECT json_object('data', json_object('search', json_object('nodes', json_group_array(
  CASE place
    WHEN 0 THEN (SELECT json_object('__typename', 'Entity', 'name', name, 'type', type, 'slug', slug)
      FROM entity WHERE id = record)
    WHEN 1 THEN (SELECT json_object('__typename', 'Proposition', 'text', text, 'slug', slug)
      FROM proposition WHERE id = record)
    ELSE (SELECT json_object('__typename', 'Statement', 'text', text, 'slug', statement.slug,
        'speaker', json_object('name', entity.name))
      FROM statement CROSS JOIN entity ON entity.id = statement.speaker_id WHERE statement.id = record)
  END))))
FROM (
  SELECT rowid & 3 AS place, rowid >> 2 AS record FROM fulltext WHERE fulltext MATCH +:words
  ORDER BY CASE rowid & 3
    WHEN 0 THEN (SELECT length(name) FROM entity WHERE id = fulltext.rowid >> 2)
    WHEN 1 THEN (SELECT length(text) FROM proposition WHERE id = fulltext.rowid >> 2)
    ELSE (SELECT length(text) FROM statement WHERE id = fulltext.rowid >> 2)
  END, rowid LIMIT 10
)
