"""わたしの記録: what a resident sees of the own record's uses, in three languages (`/my/`).

Only where the extension is switched on. Nobody here is an operator, and no operator comes in here.
`proving` says what proves a person; everything else asks it alone.
"""
