"""保存の要否: what the register still needs, for whoever disposes of what nobody needs."""
