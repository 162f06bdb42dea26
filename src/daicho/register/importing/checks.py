"""移行の突合: what the lines of an import say together, as SQL over `staged` and `fault`.

Each statement adds rows to `fault` with a finding's code (`daicho.law.uniqueness`), or marks lines
as unchanged. `last` holds what must be compared of each person's last line, the present state.
"""

LAST = """CREATE TEMPORARY TABLE last ON COMMIT DROP AS
SELECT DISTINCT ON (address_number) line, record_id, address_number, history_no, household_number,
    state IN ('', 'living') AND NOT unchanged AS enters, resident_record_code,
    residence_card_number, special_permanent_resident_certificate_number, blind_index
FROM (SELECT s.*, n.blind_index FROM staged s LEFT JOIN sealed n USING (line)) AS s
ORDER BY address_number, history_no DESC"""
ENTERING = "(SELECT * FROM last WHERE enters)"


def _faults(code: str, lines: str) -> str:
    return (
        "INSERT INTO fault (line, code, column_name, address_number, household_number) "
        f"SELECT line, '{code}', '', address_number, household_number FROM ({lines}) AS found"
    )


def _twice(column: str) -> str:
    return f"""SELECT * FROM {ENTERING} AS one WHERE {column} <> '' AND {column} IN (
        SELECT {column} FROM {ENTERING} AS other GROUP BY {column} HAVING count(*) > 1)"""


STATEMENTS = (
    # The same row was read before: 0 accepted, N unchanged.
    """UPDATE staged s SET unchanged = true
    FROM register_current c, register_recordversion v, register_recordedchange l
    WHERE c.address_number = s.address_number AND v.record_id = c.record_id
        AND v.history_no = s.history_no AND l.id = v.change_id AND l.kind = 'imported'
        AND l.body = s.body AND l.basis = s.basis
        AND l.received_on IS NOT DISTINCT FROM s.received_on
        AND l.office = s.office AND l.terminal = s.terminal""",
    LAST,
    "ANALYZE last",
    _faults(
        "import.held_differently",
        """SELECT s.* FROM staged s JOIN register_current c USING (address_number)
        WHERE NOT s.unchanged""",
    ),
    _faults(
        "import.history_no_twice",
        """SELECT * FROM (SELECT *, count(*) OVER (PARTITION BY address_number, history_no) AS n
        FROM staged) AS counted WHERE n > 1""",
    ),
    _faults(
        "import.rows_apart",
        """SELECT s.* FROM staged s JOIN (
            SELECT address_number FROM (
                SELECT address_number, address_number IS DISTINCT FROM
                    lag(address_number) OVER (ORDER BY line) AS starts
                FROM (SELECT line, address_number FROM staged
                    UNION ALL SELECT line, address_number FROM fault) AS lines) AS ordered
            WHERE starts GROUP BY address_number HAVING count(*) > 1) AS apart
        USING (address_number)""",
    ),
    _faults(
        "import.living_not_last",
        """SELECT * FROM (SELECT *, lag(residence_no) OVER w AS before,
            lead(residence_no) OVER w AS after FROM staged
            WINDOW w AS (PARTITION BY address_number ORDER BY history_no)) AS stepped
        WHERE residence_no NOT BETWEEN coalesce(before, 1) AND coalesce(before + 1, 1)
            OR after > residence_no AND state IN ('', 'living')""",
    ),
    _faults("import.record_code_twice", _twice("resident_record_code")),
    _faults(
        "import.record_code_twice",
        f"""SELECT new.* FROM {ENTERING} AS new JOIN register_current c
            ON c.resident_record_code = new.resident_record_code AND c.state IN ('', 'living')
        WHERE new.resident_record_code <> '' AND c.address_number <> new.address_number""",
    ),
    _faults("import.card_twice", _twice("residence_card_number")),
    _faults(
        "import.card_twice",
        _twice("special_permanent_resident_certificate_number"),
    ),
    _faults(
        "import.number_twice",
        f"""SELECT * FROM {ENTERING} AS one WHERE blind_index IN (
            SELECT blind_index FROM {ENTERING} AS other
            GROUP BY blind_index HAVING count(*) > 1)""",
    ),
)

# Lines that could not be staged are known by what they say of themselves, hence the texts.
SPREADING = (
    _faults(
        "import.household_incomplete",
        f"""SELECT living.* FROM {ENTERING} AS living WHERE household_number IN (
            SELECT household_number FROM fault WHERE household_number <> ''
                AND NOT EXISTS (SELECT FROM staged later WHERE later.line > fault.line
                    AND later.address_number = fault.address_number
                    AND later.household_number <> fault.household_number)
            UNION SELECT refused.household_number FROM {ENTERING} AS refused
                JOIN fault USING (address_number))
            AND NOT EXISTS (SELECT FROM fault f WHERE f.address_number = living.address_number)""",
    ),
    _faults(
        "import.person_incomplete",
        """SELECT s.* FROM staged s WHERE NOT s.unchanged
            AND EXISTS (SELECT FROM fault f WHERE f.address_number = s.address_number)
            AND NOT EXISTS (SELECT FROM fault f WHERE f.line = s.line)""",
    ),
)

GAPS = """SELECT count(*) FROM (SELECT history_no, lag(history_no) OVER (
    PARTITION BY address_number ORDER BY history_no) AS before FROM staged) AS stepped
WHERE history_no > coalesce(before, 0) + 1"""
