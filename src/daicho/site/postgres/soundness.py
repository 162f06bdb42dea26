"""What a started server is asked before anything is written: is it the one we mean?"""

import psycopg

from daicho.site.trouble import Trouble

_ENCODING = """
select current_setting('server_encoding') = 'UTF8', current_setting('data_checksums') = 'on'
"""
_DATABASES = """
select datname from pg_database
 where datlocprovider <> 'c' or lower(replace(datcollate, '-', '')) <> 'c.utf8'
    or lower(replace(datctype, '-', '')) <> 'c.utf8' or pg_encoding_to_char(encoding) <> 'UTF8'
"""
# A ctype that does not know Japanese finds no letters in it, and searches miss without an error.
_LETTERS = "select upper('é') = 'É', 'ａ' ilike 'Ａ', 'ヤマダ' ~ '^[[:alpha:]]+$'"


def check(url: str) -> None:
    """起動後の点検: encoding, locale, checksums; refuses a server that would search wrongly."""
    try:
        with psycopg.connect(url, connect_timeout=30) as connection:
            _check(connection)
    except psycopg.OperationalError as refusal:
        # A refused connection carries no SQLSTATE; the server's own words are in English.
        if "password authentication failed" not in str(refusal):
            raise
        raise Trouble(
            "データベースの鍵（secrets フォルダー）がデータと合いません。"
            "同じ時のバックアップから両方を戻してください。"
        ) from refusal


def _check(connection: psycopg.Connection) -> None:
    utf8, checksums = connection.execute(_ENCODING).fetchone() or (False, False)
    if not utf8:
        raise Trouble("データベースの文字コードが UTF-8 ではありません。作り直してください。")
    if not checksums:
        raise Trouble("データベースにチェックサムがありません。作り直してください。")
    wrong = [str(row[0]) for row in connection.execute(_DATABASES)]
    letters = connection.execute(_LETTERS).fetchone() or (False,)
    if wrong or not all(letters):
        raise Trouble(
            "データベースの文字の並び（libc の C.UTF-8）が正しくありません: "
            f"{'、'.join(wrong) or '文字の判定'}。この機械の C.UTF-8 を確かめてください。"
        )
