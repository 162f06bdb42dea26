"""関係の分析: operators are told of it, then their looks are compared with their own records.

An extension, off unless it is switched on. What is related to whom is known to the register alone
(`register/relating`); here it is said who was told, at whom they looked, and what is kept of it.
"""
