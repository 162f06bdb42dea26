"""実演: what only a made-up town has: its operators, their passwords, its residents."""
