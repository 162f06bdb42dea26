"""Daicho (台帳): an open municipal resident register."""
