"""What a screen shows: fields, forms, entries to journeys, and the signs of success and failure. Pure."""
