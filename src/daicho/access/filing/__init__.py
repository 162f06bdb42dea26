"""特定個人情報ファイルの作成: asked for by one, approved by another, and the gate."""
