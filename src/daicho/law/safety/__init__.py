"""安全管理: who is responsible, who may sign in, where the numbers may be seen."""
