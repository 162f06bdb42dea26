"""電文の種類: one module a kind, with what its body says; docs/protocol has a page of each.

A body is a frozen dataclass of texts, counts and tables of texts. It is read strictly: another
name, a missing one or another shape is no body of that kind.
"""
