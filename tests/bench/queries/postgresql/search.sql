SELECT concat('{"data":{"search":{"nodes":[', string_agg(
  CASE place
    WHEN 0 THEN (SELECT concat('{"__typename":"Entity","name":', to_json(name), ',"type":"', type,
        '","slug":', to_json(slug), '}')
      FROM entity WHERE id = record)
    WHEN 1 THEN (SELECT concat('{"__typename":"Proposition","text":', to_json(text), ',"slug":', to_json(slug), '}')
      FROM proposition WHERE id = record)
    ELSE (SELECT concat('{"__typename":"Statement","text":', to_json(text), ',"slug":', to_json(statement.slug),
        ',"speaker":{"name":', to_json(entity.name), '}}')
      FROM statement JOIN entity ON entity.id = statement.speaker_id WHERE statement.id = record)
  END, ','), ']}}}')
FROM (
  SELECT id & 3 AS place, id >> 2 AS record FROM fulltext WHERE words @@ :words::tsquery
  ORDER BY CASE id & 3
    WHEN 0 THEN (SELECT length(name) FROM entity WHERE id = fulltext.id >> 2)
    WHEN 1 THEN (SELECT length(text) FROM proposition WHERE id = fulltext.id >> 2)
    ELSE (SELECT length(text) FROM statement WHERE id = fulltext.id >> 2)
  END, id LIMIT 10
) AS hit
