"""The run request: one declaration for the command line, trustwalk.yml, the page, the API and the worker."""
