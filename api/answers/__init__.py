"""From a question to its answer, whichever way it came: groundwork, what is kept, and turns for what takes long."""
