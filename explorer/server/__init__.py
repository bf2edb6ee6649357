"""The local page: start a run of a URL or an APK, watch it and read the report. /api/v1 offers the same to programs."""
