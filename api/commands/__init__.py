"""The commands of `stancebase`, and what they do."""
