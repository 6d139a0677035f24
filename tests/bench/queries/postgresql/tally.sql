SELECT concat('{"data":{"proposition":', coalesce((
  SELECT concat('{"text":', to_json(asked.text), ',"tally":', (
    SELECT concat(
      '{"total":', count(DISTINCT holder_id),
      ',"positions":[{"position":"SUPPORT","count":', count(*) FILTER (WHERE position = 'SUPPORT'),
      '},{"position":"OPPOSE","count":', count(*) FILTER (WHERE position = 'OPPOSE'),
      '},{"position":"NEUTRAL","count":', count(*) FILTER (WHERE position = 'NEUTRAL'),
      '},{"position":"MIXED","count":', count(*) FILTER (WHERE position = 'MIXED'), '}]}')
    FROM (
      SELECT DISTINCT stance.holder_id, CASE
          WHEN (other.negation_of_id IS NULL) = (asked.negation_of_id IS NULL) THEN stance.position
          WHEN stance.position = 'SUPPORT' THEN 'OPPOSE'
          WHEN stance.position = 'OPPOSE' THEN 'SUPPORT'
          ELSE stance.position END AS position
      FROM (
        SELECT id, negation_of_id FROM proposition WHERE id = coalesce(asked.negation_of_id, asked.id)
        UNION ALL
        SELECT id, negation_of_id FROM proposition WHERE negation_of_id = coalesce(asked.negation_of_id, asked.id)
      ) AS other
      CROSS JOIN LATERAL (
        SELECT holder_id, position FROM stance
        WHERE proposition_id = other.id AND superseded_at IS NULL
          AND (since IS NULL OR since <= :day::date) AND (until IS NULL OR until >= :day::date)
        OFFSET 0
      ) AS stance
    ) AS counted), '}')
  FROM proposition AS asked WHERE asked.slug = :slug::text), 'null'), '}}')
