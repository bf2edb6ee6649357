"""From a target to a journal: who explores what, the session's loop, the probes and the verdicts."""
