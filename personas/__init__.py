"""Who uses the app: personas as data."""
