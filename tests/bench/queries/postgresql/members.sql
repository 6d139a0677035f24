SELECT concat('{"data":{"stances":{"nodes":[', string_agg(concat(
  '{"since":', coalesce(to_json(page.since), 'null'), ',"position":"', page.position,
  '","holder":{"name":', to_json(holder.name), '},"proposition":{"text":', to_json(proposition.text), '}}'), ','), ']}}}')
FROM (
  SELECT since, position, holder_id, proposition_id FROM stance
  WHERE superseded_at IS NULL AND holder_id IN (
    SELECT membership.member_id FROM membership JOIN entity ON entity.id = membership.organization_id
    WHERE entity.slug = :slug::text)
  ORDER BY since_order DESC, id DESC LIMIT 20
) AS page
LEFT JOIN LATERAL (SELECT name FROM entity WHERE id = page.holder_id OFFSET 0) AS holder ON true
LEFT JOIN LATERAL (SELECT text FROM proposition WHERE id = page.proposition_id OFFSET 0) AS proposition ON true
