"""素材: days, names, addresses and numbers that a made-up town is put together from."""
