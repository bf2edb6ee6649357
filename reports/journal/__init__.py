"""The journal of a run: its events, the file that holds them, and a run read back from it."""
