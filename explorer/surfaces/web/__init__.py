"""The web surface: a browser driven with Playwright, and what it says meanwhile over CDP."""
