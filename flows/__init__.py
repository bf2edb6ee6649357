"""Journeys and how they fail: the types that every other package shares. Pure: no I/O."""
