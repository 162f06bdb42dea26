"""通信の法令: what the network of the three tiers must refuse, and why."""
