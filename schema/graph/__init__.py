"""The public graph: Strawberry types by noun, each field with its SQL."""
