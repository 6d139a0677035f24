SELECT json_object('data', json_object('proposition', (
  SELECT json_object('text', asked.text, 'tally', (
    SELECT json_object(
      'total', count(DISTINCT holder_id),
      'positions', json_array(
        json_object('position', 'SUPPORT', 'count', count(*) FILTER (WHERE position = 'SUPPORT')),
        json_object('position', 'OPPOSE', 'count', count(*) FILTER (WHERE position = 'OPPOSE')),
        json_object('position', 'NEUTRAL', 'count', count(*) FILTER (WHERE position = 'NEUTRAL')),
        json_object('position', 'MIXED', 'count', count(*) FILTER (WHERE position = 'MIXED'))))
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
      CROSS JOIN stance ON stance.proposition_id = other.id
      WHERE stance.superseded_at IS NULL
        AND (stance.since IS NULL OR stance.since <= +:day) AND (stance.until IS NULL OR stance.until >= +:day)
    )))
  FROM proposition AS asked WHERE asked.slug = +:slug)))
