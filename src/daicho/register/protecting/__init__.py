"""支援措置: what is held of a person's protection, for whose work it is to know it (3.4, 10.3)."""
