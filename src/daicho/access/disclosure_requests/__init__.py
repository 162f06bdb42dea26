"""開示請求: received by one person, decided by another, each step once, in time."""
