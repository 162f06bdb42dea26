"""回線の仕事: what `protocol` decides, as transactions of this party's database.

`taking` is what the server calls for each parcel, `sending` what the relay does with each
neighbour, `making` gives messages their turns, and `working` carries out those whose turn has come.
Nothing here waits for another party while a transaction is open.
"""
