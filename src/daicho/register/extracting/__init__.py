"""抽出: those who fit the conditions, with the columns that leave allows, into a sealed file."""
