"""拒否: the ways in which the program says no to a person.

`Refused` is about what was entered (HTTP 422), `NotPermitted` about who asks (HTTP 403, in words
that do not tell whether the person asked about exists). Anything else is our own fault.
"""

from collections.abc import Sequence

from daicho.law.rule import Finding


class Refused(Exception):
    """入力の拒否: at least one finding blocks (エラー); nothing was written."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        assert any(finding.refuses for finding in findings), "nothing here refuses"
        super().__init__(", ".join(finding.code for finding in findings))
        self.findings = tuple(findings)


class NotPermitted(Exception):
    """利用の拒否: this operator may not do this; the refusal stands in the trail.

    `line` names the row of the tables that refuses, where one decided.
    """

    def __init__(self, finding: Finding, line: str = "") -> None:
        super().__init__(finding.code)
        self.finding = finding
        self.line = line
