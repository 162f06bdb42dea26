"""番号: 個人番号, encrypted, opened only with a Permit."""
