"""利用記録の分析の画面: the months, and one with what stood out, judged and signed for."""
