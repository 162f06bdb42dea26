"""利用記録の分析: which uses of the register stand out, and who judges and signs for a month.

`uses` says what stands out, by the figures of `law/tables/trail_analyses.toml`; `judging` what
becomes of it. That a use stands out says that somebody looks at it, never that it was wrong.
"""
