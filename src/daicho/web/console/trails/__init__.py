"""利用記録の点検の画面: the conditions, what was found, and one use with its proof."""
