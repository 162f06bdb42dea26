"""住所の入力補助 (4.0.7, 1.3.3): an address by its postal code, 方書 by its lot."""
