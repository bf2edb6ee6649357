"""Probes TLS servers, diagnoses why clients refuse them, and mints servers that are broken on purpose."""
