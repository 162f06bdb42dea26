"""The parts of the embedded PostgreSQL; `site/embedded.py` puts them together."""
