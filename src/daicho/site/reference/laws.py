"""法令の全部: every module of `law`, imported, so that RULES and FINDINGS are whole."""

import pkgutil
from importlib import import_module

import daicho.law

ALL = tuple(
    import_module(one.name)
    for one in pkgutil.walk_packages(daicho.law.__path__, f"{daicho.law.__name__}.")
)
"""Whoever lists rules or findings imports this first: one that nobody imported would be missing."""
