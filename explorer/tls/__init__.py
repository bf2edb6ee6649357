"""Probes TLS servers, diagnoses why clients refuse them, and runs servers that are broken on purpose."""
