"""Wiring: settings, roles, commands, the embedded server. Nothing imports it."""
