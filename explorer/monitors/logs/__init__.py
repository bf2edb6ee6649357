"""Log lines into signals: device logs as they come, and saved ones."""
