"""通信: messages to other tiers and towns; here the outbox, into which changes write."""
