"""The journal of a run: its events, its file, and how to read sessions back from it."""
