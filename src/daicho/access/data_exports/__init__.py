"""データの持出し: asked for by one, decided by another, counted when a file is made."""
