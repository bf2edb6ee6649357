"""Persona + screen + flow graph + goals + seed → the next action. Pure: no I/O, no clock."""
