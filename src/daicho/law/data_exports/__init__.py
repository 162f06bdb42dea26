"""データの持出し: which files of residents' data may leave, and under whose leave."""
