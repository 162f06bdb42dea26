"""証明: the dialogue in which a certificate is ordered, its check, what was issued, and 書損."""
