"""The web surface: a browser driven with Playwright, and its events over CDP."""
