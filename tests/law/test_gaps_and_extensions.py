"""What is not here, and what is here beyond the standard."""

import pytest

from daicho.law.citation import article
from daicho.law.extensions import EXTENSIONS, UnknownExtension, extensions_on
from daicho.law.gaps import GAPS, gaps_at

FORBIDDEN = [
    ("STD 5.1", "back_dated_after_issue"),
    ("STD 4.6.0.1", "cancelling_after_notice"),
    ("STD 5.1", "moving_out_alert_at_issue"),
    ("STD 4.1.1.2", "list_of_returning_residents"),
    ("STD 9.8", "list_of_transitional_stayers"),
    ("STD 9.4", "list_of_adult_wards"),
    ("STD 4.3.1", "list_of_codes_assigned"),
    ("STD 4.0.8", "approver_in_register"),
    ("STD 10.4", "relationship_hidden"),
    ("STD 5.5", "place_of_issue"),
    ("STD 4.3.2", "moment_of_code_change"),
    ("STD 10.7", "unlogged_or_mass_printing"),
    ("STD 9.7", "bulk_address_lists"),
    ("STD 3.5", "changes_refused_on_request"),
]


@pytest.mark.parametrize(("place", "code"), FORBIDDEN)
def test_what_must_not_be_built_stands_at_its_section(place: str, code: str) -> None:
    found = {gap.code: gap for gap in gaps_at(article(place))}
    assert found[code].kind == "must_not"


def test_a_gap_forbidden_by_the_standard_cites_it() -> None:
    for gap in GAPS:
        if gap.kind == "must_not":
            assert all(place.statute_key == "STD" for place in gap.cites)


def test_a_gap_is_found_from_a_wider_and_a_narrower_place() -> None:
    codes = {gap.code for gap in gaps_at(article("BRRA 34"))}
    assert "facts_of_residence" in codes
    assert "inspection" in {gap.code for gap in gaps_at(article("BRRA 11-2(12)"))}
    assert gaps_at(article("BRRA 99")) == ()


def test_none_leaves_a_strictly_standard_register() -> None:
    for setting in ("none", " NONE "):
        assert extensions_on(setting) == frozenset()


def test_nothing_set_means_the_defaults() -> None:
    defaults = {one.code for one in EXTENSIONS if one.default}
    assert extensions_on("") == defaults
    assert "my_data_my_log" not in defaults
    assert extensions_on("all") == {one.code for one in EXTENSIONS}


def test_a_list_switches_on_what_it_names() -> None:
    assert extensions_on("as-of-view, dashboards") == {"as_of_view", "dashboards"}


@pytest.mark.parametrize("setting", ["as_of_view", "none,dashboards", ",", "yes"])
def test_an_unknown_switch_is_never_taken_for_off(setting: str) -> None:
    with pytest.raises(UnknownExtension, match="known are none, all, certificate-code"):
        extensions_on(setting)


def test_every_extension_says_its_ground() -> None:
    assert all(one.ground.endswith("。") and one.cites for one in EXTENSIONS)
