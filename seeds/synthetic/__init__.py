"""The parts of a synthetic data set: made-up names, actors and debates, each computed from the seed and its number."""
