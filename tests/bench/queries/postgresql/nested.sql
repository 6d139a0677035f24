SELECT concat('{"data":{"stances":{"nodes":[', string_agg(concat(
  '{"position":"', page.position, '","since":', coalesce(to_json(page.since), 'null'),
  ',"holder":{"name":', to_json(holder.name), ',"type":"', holder.type, '"},"evidence":[', (
    SELECT string_agg(
      concat('{"text":', to_json(text), ',"kind":"', kind, '","source":{"title":', to_json(title), '}}'), ',')
    FROM (
      SELECT statement.text, statement.kind, source.title
      FROM evidence
      JOIN statement ON statement.id = evidence.statement_id
      JOIN source ON source.id = statement.source_id
      WHERE evidence.stance_id = page.id ORDER BY evidence.position
    ) AS listed
  ), ']}'), ','), ']}}}')
FROM (
  SELECT id, position, since, holder_id FROM stance
  WHERE superseded_at IS NULL AND (since_order, id) < (:day::date, :id::bigint)
  ORDER BY since_order DESC, id DESC LIMIT 50
) AS page
LEFT JOIN LATERAL (SELECT name, type FROM entity WHERE id = page.holder_id OFFSET 0) AS holder ON true
