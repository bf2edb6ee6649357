"""Judges journeys: how each one ended, which failure explains this, and how certain the explanation is. Pure."""
