"""移行ファイルの読取り: from the bytes of a file to judged history rows, ready to be staged.

Nothing here knows Django or a database: worker processes do it with a clean interpreter, beside
the process that holds the connection and the vault's keys. In the order of the work: the file cut
into blocks of whole lines (`csv_file`), one line read and judged (`rows`), one block (`judging`),
the processes that judge blocks (`workers`, each of them a `worker`).
"""
