"""期間: rows that hold from a first day (`since`) to a last one (`until`; NULL: no end known)."""


def in_force(alias: str) -> str:
    """SQL: does the row of that alias hold on the day `%(on)s`?"""
    return f"{alias}.since <= %(on)s AND ({alias}.until IS NULL OR {alias}.until >= %(on)s)"
