"""Turns log lines into signals: live device logs, and saved logs."""
