SELECT concat('{"data":{"entity":', coalesce((
  SELECT concat(
    '{"name":', to_json(entity.name), ',"type":"', entity.type,
    '","description":', coalesce(to_json(entity.description), 'null'),
    ',"aliases":[', (
      SELECT string_agg(to_json(name)::text, ',')
      FROM (SELECT name FROM entity_alias WHERE entity_id = entity.id ORDER BY position) AS listed),
    '],"memberships":[', (
      SELECT string_agg(concat('{"role":', coalesce(to_json(role), 'null'),
        ',"organization":{"name":', to_json(name), ',"type":"', type, '"}}'), ',')
      FROM (
        SELECT membership.role, organization.name, organization.type
        FROM membership JOIN entity AS organization ON organization.id = membership.organization_id
        WHERE membership.member_id = entity.id ORDER BY membership.id) AS listed),
    '],"statements":', (
      SELECT concat(
        '{"totalCount":', total, ',"pageInfo":{"hasNextPage":', (total > 10)::text, '},"nodes":[', (
          SELECT string_agg(concat('{"kind":"', page.kind, '","text":', to_json(page.text),
            ',"statedOn":', coalesce(to_json(page.stated_on), 'null'),
            ',"source":{"title":', to_json(source.title), '}}'), ',')
          FROM (
            SELECT kind, text, stated_on, source_id FROM statement WHERE speaker_id = entity.id
            ORDER BY stated_on_order DESC, id DESC LIMIT 10) AS page
          LEFT JOIN LATERAL (SELECT title FROM source WHERE id = page.source_id OFFSET 0) AS source ON true),
        ']}')
      FROM (SELECT count(*) AS total FROM statement WHERE speaker_id = entity.id) AS counted),
    ',"stances":', (
      SELECT concat(
        '{"totalCount":', total, ',"pageInfo":{"hasNextPage":', (total > 10)::text, '},"nodes":[', (
          SELECT string_agg(concat('{"position":"', page.position,
            '","since":', coalesce(to_json(page.since), 'null'),
            ',"proposition":{"text":', to_json(proposition.text), '}}'), ',')
          FROM (
            SELECT position, since, proposition_id FROM stance
            WHERE holder_id = entity.id AND superseded_at IS NULL
            ORDER BY since_order DESC, id DESC LIMIT 10) AS page
          LEFT JOIN LATERAL (SELECT text FROM proposition WHERE id = page.proposition_id OFFSET 0) AS proposition
            ON true),
        ']}')
      FROM (SELECT count(*) AS total FROM stance WHERE holder_id = entity.id AND superseded_at IS NULL) AS counted),
    '}')
  FROM entity WHERE entity.slug = :slug::text), 'null'), '}}')
