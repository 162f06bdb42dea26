"""所属の画面: what all of an office may do who work from it, and who of it may not."""
