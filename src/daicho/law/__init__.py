"""法令: what the law says: dated, cited, pure functions and tables. Callers pass the day (on=)."""
