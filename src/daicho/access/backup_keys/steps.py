"""控えの鍵の手続: a backup is begun, given up, or ended by destroying its key; each is trailed."""

from pathlib import Path

from django.conf import settings
from django.db import transaction

from daicho.access.backup_keys import files
from daicho.access.backup_keys.files import BackupKey, KeyTrouble
from daicho.access.models import Trail
from daicho.access.permits import Permit, look
from daicho.law.safety import algorithms
from daicho.terms.file_troubles import reason, remedy

JOB = "backup"
"""機械の仕事: under which these are done (`law/tables/system_jobs.toml`)."""
DESTROYED = "backup_key_destroyed"
"""鍵の廃棄の利用の種類."""
_USED = ("aes", "gcm", "sha_256")


def folder() -> Path | None:
    """鍵のフォルダー: by the settings; None where none is set."""
    return Path(settings.BACKUP_KEY_FOLDER) if settings.BACKUP_KEY_FOLDER else None


def begin(permit: Permit) -> BackupKey:
    """控えを始める: its key, on the disk, and its trail row. Raises KeyTrouble."""
    found = [algorithms.may_be_used(one, "backups", on=permit.on) for one in _USED]
    if hindered := next((one for one in found if one), None):
        raise KeyTrouble(f"{hindered.what}{hindered.remedy}")
    place = _set()
    try:
        key = files.make(place)
    except OSError as trouble:
        raise KeyTrouble(
            f"控えの鍵を {place} に書けません({reason(trouble)})。{remedy(trouble)}"
            "控えは作っていません。"
        ) from None
    try:
        with transaction.atomic():
            look(permit, "backup", "backup_keys.begin", detail={"backup": key.backup_id})
    except BaseException:
        files.destroy(place, key.backup_id)
        raise
    return key


def give_up(permit: Permit, backup_id: str) -> None:
    """控えを取りやめる: its file was not written, so its key is of no use.

    Trailed first: a key that stays is listed and can be destroyed, but the end of one that is gone
    could be told by nobody any more.
    """
    with transaction.atomic():
        detail = {"backup": backup_id, "what": "discarded"}
        look(permit, DESTROYED, "backup_keys.give_up", detail=detail)
    files.destroy(_set(), backup_id)


def destroy(permit: Permit, backup_id: str, operator: str) -> None:
    """鍵の廃棄: for ever; raises KeyTrouble where it is not here. Its last trail row is the
    certificate; what was cut off between the two is completed by the same step.

    `operator` is the 操作者ID of who does it.
    """
    place = _set()
    is_here = backup_id in files.kept(place)
    if not is_here and not _was_begun(backup_id):
        raise KeyTrouble(
            f"番号 {backup_id} の控えの鍵は {place} にありません。何も廃棄していません。"
            "番号は ./daicho manage backup_keys show で確かめられます。"
        )
    said = {"backup": backup_id, "operator": operator}
    with transaction.atomic():
        look(permit, DESTROYED, "backup_keys.destroy", detail={**said, "what": "closed"})
    if is_here:
        try:
            files.destroy(place, backup_id)
        except OSError as trouble:
            raise KeyTrouble(
                f"控えの鍵 {backup_id} を消せません({reason(trouble)})。{remedy(trouble)}"
                "もう一度実行してください。"
            ) from None
    with transaction.atomic():
        look(permit, DESTROYED, "backup_keys.destroy", detail={**said, "what": "destroyed"})


def _was_begun(backup_id: str) -> bool:
    """Was its destruction begun, and not trailed as done?"""
    rows = Trail.objects.filter(event=DESTROYED, detail__backup=backup_id)
    return {str(one["what"]) for one in rows.values_list("detail", flat=True)} == {"closed"}


def _set() -> Path:
    place = folder()
    if place is None:
        raise KeyTrouble(
            "控えの鍵の置き場所がありません。DAICHO_BACKUP_KEY_FOLDER に、"
            "控えとは別の場所にあるフォルダーを設定してください。"
        )
    return place
