"""異動の入力: what the forms of all kinds share, from an opened form to a recorded change.

`flow` is the screen: form, confirmation sheet, recorded. What a clerk types travels in the page, so
that no refusal, ended session or second clerk can lose it. The kinds stand in `counter.changes`.
"""
