"""運用: the screens of those who run the system, in every role; they see no resident."""
