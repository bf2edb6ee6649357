"""What became of journeys: which failure explains what, how each journey ended, and how sure that is. Pure."""
