"""緊急の利用 (break-glass): asked for with a reason, granted by a second person, then reviewed."""
