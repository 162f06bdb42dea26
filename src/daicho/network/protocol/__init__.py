"""通信の約束: how messages go between two neighbours, in which order they count, and what survives.

Pure: values and functions, no clock, no database, no wire. PostgreSQL and the simulator carry out
what is decided here; docs/protocol/README.md tells it in words.
"""
