"""速さ: each work beside a floor measured in the same run, on a server of its own that is durable.

A figure is only worth what it is compared with, and machines differ: `ratio` is the work's median
over its floor's. Nothing here passes or fails.
"""
