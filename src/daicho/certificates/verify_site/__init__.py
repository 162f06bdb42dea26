"""検証ページ: a small process of its own that holds published certificates and nothing else.

It knows no register, no operators and no keys; what is sent to it is looked at and forgotten.
"""
