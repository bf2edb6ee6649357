"""Reads untrusted files: regular files up to a size, and YAML and JSON up to a depth. Nothing is executed."""
