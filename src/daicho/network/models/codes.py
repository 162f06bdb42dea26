"""住民票コードの指定 (30条の2): which codes the centre designated, and who asked for how many."""

from django.db import models

from daicho.access.append_only import AppendOnly
from daicho.network.models.lines import PARTY_CHARS


class DesignatedCode(AppendOnly):
    """指定した住民票コード: designated once, for one municipality, and for nobody else ever."""

    code = models.CharField(max_length=11, primary_key=True)
    municipality = models.CharField(max_length=PARTY_CHARS)
    message_id = models.UUIDField()  # of the request


class CodesAsked(models.Model):
    """空きコードの求め: of this municipality; not answered while `answered_at` is blank."""

    message_id = models.UUIDField(primary_key=True)
    count = models.PositiveIntegerField()
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
