"""The only door to the app under test: a browser, an Android device, or a script."""
