"""照会: the screens that find and show residents, each under the purpose chosen at the entry."""
