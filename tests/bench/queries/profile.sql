SELECT json_object('data', json_object('entity', (
  SELECT json_object(
    'name', entity.name, 'type', entity.type, 'description', entity.description,
    'aliases', (
      SELECT json_group_array(name)
      FROM (SELECT name FROM entity_alias WHERE entity_id = entity.id ORDER BY position)),
    'memberships', (
      SELECT json_group_array(json_object('role', role, 'organization', json_object('name', name, 'type', type)))
      FROM (
        SELECT membership.role, organization.name, organization.type
        FROM membership CROSS JOIN entity AS organization ON organization.id = membership.organization_id
        WHERE membership.member_id = entity.id ORDER BY membership.id)),
    'statements', (
      SELECT json_object(
        'totalCount', total, 'pageInfo', json_object('hasNextPage', json(iif(total > 10, 'true', 'false'))),
        'nodes', (
          SELECT json_group_array(
            json_object('kind', kind, 'text', text, 'statedOn', stated_on, 'source', json_object('title', title)))
          FROM (
            SELECT statement.kind, statement.text, statement.stated_on, source.title
            FROM statement CROSS JOIN source ON source.id = statement.source_id
            WHERE statement.speaker_id = entity.id
            ORDER BY statement.stated_on_order DESC, statement.id DESC LIMIT 10)))
      FROM (SELECT count(*) AS total FROM statement WHERE speaker_id = entity.id)),
    'stances', (
      SELECT json_object(
        'totalCount', total, 'pageInfo', json_object('hasNextPage', json(iif(total > 10, 'true', 'false'))),
        'nodes', (
          SELECT json_group_array(
            json_object('position', position, 'since', since, 'proposition', json_object('text', text)))
          FROM (
            SELECT stance.position, stance.since, proposition.text
            FROM stance CROSS JOIN proposition ON proposition.id = stance.proposition_id
            WHERE stance.holder_id = entity.id AND stance.superseded_at IS NULL
            ORDER BY stance.since_order DESC, stance.id DESC LIMIT 10)))
      FROM (SELECT count(*) AS total FROM stance WHERE holder_id = entity.id AND superseded_at IS NULL)))
  FROM entity WHERE entity.slug = +:slug)))
