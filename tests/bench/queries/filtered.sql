SELECT json_object('data', json_object('stances', json_object('nodes', json_group_array(json_object(
  'since', page.since, 'confidence', page.confidence,
  'holder', json_object('name', holder.name, 'type', holder.type))))))
FROM (
  SELECT since, confidence, holder_id FROM stance
  WHERE superseded_at IS NULL AND position = +:position
    AND proposition_id = (SELECT id FROM proposition WHERE slug = +:slug)
  ORDER BY since_order DESC, id DESC LIMIT 20
) AS page
CROSS JOIN entity AS holder ON holder.id = page.holder_id
