SELECT concat('{"data":{"entity":', coalesce(
  (SELECT concat('{"name":', to_json(name), ',"type":"', type, '"}') FROM entity WHERE slug = :slug::text),
  'null'), '}}')
