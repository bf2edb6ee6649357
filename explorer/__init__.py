"""The explorer: drives apps, probes servers and talks to people. All input and output of Trustwalk happens here."""

__version__ = "0.1.0"
