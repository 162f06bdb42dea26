"""データの持出しの画面: asked for, decided, made and handed over."""
