"""Every cause in order of precedence: of all that apply, the first is the headline."""
