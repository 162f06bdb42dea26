"""封をしたファイル: what leaves the program, encrypted in frames under a passphrase of its own."""
