SELECT json_object('data', json_object('stances', json_object('nodes', json_group_array(json_object(
  'since', page.since, 'position', page.position,
  'holder', json_object('name', holder.name),
  'proposition', json_object('text', proposition.text))))))
FROM (
  SELECT since, position, holder_id, proposition_id FROM stance
  WHERE superseded_at IS NULL AND holder_id IN (
    SELECT member_id FROM membership WHERE organization_id = (SELECT id FROM entity WHERE slug = +:slug))
  ORDER BY since_order DESC, id DESC LIMIT 20
) AS page
CROSS JOIN entity AS holder ON holder.id = page.holder_id
CROSS JOIN proposition ON proposition.id = page.proposition_id
