"""データベース: its roles and rights, its migrations, its backups."""
