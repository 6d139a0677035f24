SELECT json_object('data', json_object('statements', json_object('nodes', json_group_array(json_object(
  'text', page.text, 'kind', page.kind, 'statedOn', page.stated_on,
  'speaker', json_object('name', entity.name, 'type', entity.type),
  'source', json_object('title', source.title))))))
FROM (
  SELECT text, kind, stated_on, speaker_id, source_id FROM statement
  WHERE (stated_on_order, id) < (+:day COLLATE BINARY, +:id COLLATE BINARY)
  ORDER BY stated_on_order DESC, id DESC LIMIT 100
) AS page
CROSS JOIN entity ON entity.id = page.speaker_id
CROSS JOIN source ON source.id = page.source_id
