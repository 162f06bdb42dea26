"""異動の歴史: the people of a made-up town and what happened to them, line by line."""
