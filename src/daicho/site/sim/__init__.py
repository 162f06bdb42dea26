"""模擬: a small nation in one process, driven by one seed; the protocol is the one that is used.

Municipalities record changes, prefectures and the centre hold what they are told, and everything
that can go wrong between them does: loss, repeats, delay, crashes, old backups, skewed clocks, new
keys, partitions. Then it heals, and `invariants` says what must hold.
"""
