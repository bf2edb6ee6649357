"""Decides on the next action from persona, screen, flow graph, goals and seed. Pure: no I/O, no clock."""
