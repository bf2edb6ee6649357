"""The only access to the app under test: through a browser, an Android device, or a script."""
