"""務めの実行: what each duty of `daicho.network.duties` does, and how what is told is written."""
