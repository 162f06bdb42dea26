"""検索: finding persons by what is known of them, present or past (standard 2.1).

`keys` says what of a person is compared, `conditions` reads what a clerk typed, `finding` asks the
database, `keeping` writes the projection. The door is `register.queries.search`.
"""
