"""The journal of a run, and everything that is told from it."""
