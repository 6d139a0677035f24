"""A version a file, never edited once it is released: it says what was so then, and imports nothing that moves on."""
