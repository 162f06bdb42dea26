"""所属の操作権限: what all of an office may do who work from it, and who of it may not (10.3)."""
