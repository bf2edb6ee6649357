"""Runs an exploration, from the target to the journal: sessions, probes and verdicts."""
