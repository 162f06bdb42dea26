"""関係: by which relation one resident stands to others, for the analysis of relations alone.

Who was told of it and at whom they looked is known to `access/relating`. Nothing of the register
leaves this package but record_ids and a word: relative, or neighbour.
"""
