"""受付: what the counter keeps of its own work: who came, who is editing, what is a draft."""
