"""受付: the screens that record who came and for what, and show what became of it."""
