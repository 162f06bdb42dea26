"""特定個人情報ファイルの画面: the table of files with numbers, and the permits to make them."""
