"""窓口の利用記録: shown to the person who stands there; the questions that the office answers."""
