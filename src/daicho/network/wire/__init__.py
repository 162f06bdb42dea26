"""回線の通信: what goes between two neighbours: parcels and receipts, by HTTP over mutual TLS.

Knows no tables. Who takes a parcel and who has one to send is told from outside.
"""
