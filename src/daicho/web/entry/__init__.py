"""入口: sign-in, the choice of a terminal, the password, and the process's own state."""
