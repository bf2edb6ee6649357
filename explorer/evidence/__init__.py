"""Readers of what people already have: recordings of requests, net logs, certificates. A file in, facts out."""
