"""個人番号の廃棄の画面: the list, its lines, the decision, the work, and the certificate."""
