"""Judges journeys: how each one ended, which failure explains that, and how certain it is. Pure."""
