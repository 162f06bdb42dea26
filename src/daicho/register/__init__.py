"""台帳: the ledger of changes and the resident records folded from it (municipality only)."""
