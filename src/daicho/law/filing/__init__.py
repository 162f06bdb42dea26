"""特定個人情報ファイル: which files may hold 個人番号, and under whose leave they are made."""
