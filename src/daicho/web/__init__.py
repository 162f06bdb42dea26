"""窓口: screens for the counter (municipality) and the console (every role)."""
