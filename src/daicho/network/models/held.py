"""保存本人確認情報 (30条の6第3項, 30条の7第3項): what a prefecture and the centre hold.

Every key and every join has `subject_id` in it and first, so that the tables can be distributed by
it (design §9); a code is a way to it, in a table of its own.
"""

from django.db import models

from daicho.access.append_only import AppendOnly
from daicho.network.models.lines import PARTY_CHARS


class Subject(models.Model):
    """本人: a number that is issued once, never changed and never used again."""

    is_never_deleted = True

    subject_id = models.BigAutoField(primary_key=True)


class SubjectCode(models.Model):
    """住民票コード: which person has it; a person may have had several."""

    is_never_deleted = True

    code = models.CharField(max_length=11, primary_key=True)
    subject_id = models.BigIntegerField()


class Items(models.Model):
    """The items of law/tables/identification_items.toml but the code; the number is in the vault.

    `epoch` and `ordinal` are the turn of the notice; `reason` its 異動事由 and `on` its day, as the
    municipality told them.
    """

    epoch = models.BigIntegerField()
    ordinal = models.BigIntegerField()
    is_open = models.BooleanField()
    reason = models.CharField(max_length=40, blank=True)
    on = models.CharField(max_length=10)
    family_name = models.TextField(blank=True)
    given_name = models.TextField(blank=True)
    roman_name = models.TextField(blank=True)
    kanji_name = models.TextField(blank=True)
    former_family_name = models.TextField(blank=True)
    common_name = models.TextField(blank=True)
    family_name_reading = models.TextField(blank=True)
    given_name_reading = models.TextField(blank=True)
    former_family_name_reading = models.TextField(blank=True)
    born_on = models.TextField(blank=True)
    sex = models.TextField(blank=True)
    address_code = models.TextField(blank=True)
    address_prefecture = models.TextField(blank=True)
    address_municipality = models.TextField(blank=True)
    address_town = models.TextField(blank=True)
    address_lot = models.TextField(blank=True)
    address_free_text = models.TextField(blank=True)
    address_building = models.TextField(blank=True)
    individual_number_state = models.TextField(blank=True)

    class Meta:
        abstract = True


class Held(Items):
    """保存本人確認情報: what one municipality said last of one person."""

    is_never_deleted = True

    pk = models.CompositePrimaryKey("subject_id", "municipality")
    subject_id = models.BigIntegerField()
    municipality = models.CharField(max_length=PARTY_CHARS)
    code = models.CharField(max_length=11)
    held_at = models.DateTimeField()


class HeldVersion(AppendOnly, Items):
    """本人確認情報の履歴: every notice that was held, from when it was."""

    pk = models.CompositePrimaryKey("subject_id", "municipality", "epoch", "ordinal")
    subject_id = models.BigIntegerField()
    municipality = models.CharField(max_length=PARTY_CHARS)
    code = models.CharField(max_length=11)
