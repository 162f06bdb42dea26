"""種別ごとの審査: one module a kind, by its stem; each `judge` says what its kind alone asks."""
