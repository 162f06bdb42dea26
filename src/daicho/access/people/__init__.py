"""人と権限: who works here in what position, with which rights, charged by whom, and until when."""
