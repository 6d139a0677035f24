SELECT concat('{"data":{"stances":{"nodes":[', string_agg(concat(
  '{"since":', coalesce(to_json(page.since), 'null'),
  -- PostgreSQL leaves .0 out; a confidence is a number from 0 to 1, rarely one of the two.
  ',"confidence":', coalesce(page.confidence::text, 'null'), CASE page.confidence WHEN 0 THEN '.0' WHEN 1 THEN '.0' END,
  ',"holder":{"name":', to_json(holder.name), ',"type":"', holder.type, '"}}'), ','), ']}}}')
FROM (
  SELECT since, confidence, holder_id FROM stance
  WHERE superseded_at IS NULL AND position = :position::text
    AND proposition_id = (SELECT id FROM proposition WHERE slug = :slug::text)
  ORDER BY since_order DESC, id DESC LIMIT 20
) AS page
LEFT JOIN LATERAL (SELECT name, type FROM entity WHERE id = page.holder_id OFFSET 0) AS holder ON true
