"""Recognises fields, forms, entries to journeys, and signs of success and failure on a screen. Pure."""
