"""The local page: drop an APK or type a URL, watch the run, read the report; the same as an API under /api/v1."""
