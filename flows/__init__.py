"""What a journey is and how it fails: the language that every other package speaks. Pure: no I/O."""
