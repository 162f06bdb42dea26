"""控えの鍵: each backup is sealed under a key of its own, and ends when that key is destroyed."""
