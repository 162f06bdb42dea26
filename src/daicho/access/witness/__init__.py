"""立会人: co-signs the heads of trails that only ever grew; a process of its own.

It knows no register: it is shown heads, remembers the last one that it has signed of each trail,
and signs the next only with the proof that it continues that one (RFC 9162, 2.1.4). So whoever
rewrites, shortens or forks a trail, with every key of the register in hand, has no later head that
bears its signature.
"""
