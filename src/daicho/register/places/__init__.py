"""住所辞書 (標準仕様書 1.3.3, 4.0.7): places by postal code and by name; buildings already in use.

`rows` reads one row of the postal dictionary, `dictionary` asks it, `queries` is the read door to
the 方書 of the register itself.
"""
