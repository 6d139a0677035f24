SELECT json_object('data', json_object('stances', json_object('nodes', json_group_array(json_object(
  'position', page.position, 'since', page.since,
  'holder', json_object('name', holder.name, 'type', holder.type),
  'evidence', (
    SELECT json_group_array(json_object('text', text, 'kind', kind, 'source', json_object('title', title)))
    FROM (
      SELECT statement.text, statement.kind, source.title
      FROM evidence
      CROSS JOIN statement ON statement.id = evidence.statement_id
      CROSS JOIN source ON source.id = statement.source_id
      WHERE evidence.stance_id = page.id ORDER BY evidence.position
    )
  ))))))
FROM (
  SELECT id, position, since, holder_id FROM stance
  WHERE superseded_at IS NULL AND (since_order, id) < (+:day COLLATE BINARY, +:id COLLATE BINARY)
  ORDER BY since_order DESC, id DESC LIMIT 50
) AS page
CROSS JOIN entity AS holder ON holder.id = page.holder_id
