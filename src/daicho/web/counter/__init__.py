"""窓口: the screens of the municipality's counter."""
