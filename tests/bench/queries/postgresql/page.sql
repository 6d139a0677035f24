SELECT concat('{"data":{"statements":{"nodes":[', string_agg(concat(
  '{"text":', to_json(page.text), ',"kind":"', page.kind, '","statedOn":', coalesce(to_json(page.stated_on), 'null'),
  ',"speaker":{"name":', to_json(speaker.name), ',"type":"', speaker.type,
  '"},"source":{"title":', to_json(source.title), '}}'), ','), ']}}}')
FROM (
  SELECT text, kind, stated_on, speaker_id, source_id FROM statement
  WHERE (stated_on_order, id) < (:day::date, :id::bigint)
  ORDER BY stated_on_order DESC, id DESC LIMIT 100
) AS page
LEFT JOIN LATERAL (SELECT name, type FROM entity WHERE id = page.speaker_id OFFSET 0) AS speaker ON true
LEFT JOIN LATERAL (SELECT title FROM source WHERE id = page.source_id OFFSET 0) AS source ON true
