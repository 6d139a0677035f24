"""The processes that serve: one, several, or one that begins anew with each change of the code."""
