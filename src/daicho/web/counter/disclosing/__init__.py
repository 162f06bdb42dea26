"""開示請求: received at the counter, decided by another person, printed and handed out."""
