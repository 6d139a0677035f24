SELECT json_object('data', json_object('entity',
  (SELECT json_object('name', name, 'type', type) FROM entity WHERE slug = +:slug)))
