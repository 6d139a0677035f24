"""From checked records to rows: what differs is written, and nothing else; `seeds.load` calls it."""
