"""利用記録を読む: its seven kinds, what an auditor looks for in it, and rows of no person's doing.

Rows are written in `access/trail.py` and proved in `access/proof/`.
"""
