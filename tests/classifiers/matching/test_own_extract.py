from pathlib import Path

from classifiers.matching.aliases import Names
from classifiers.matching.matcher import Matcher
from classifiers.matching.register import england
from config.national import first_names, surnames
from config.trust import School, Trust

NEWLY_OPENED = "urn,name,town\n900001,Upper Quillbrook Primary School,Thorle\n"
TEXT = "Parking at Upper Quillbrook Primary School is a nightmare"


def test_a_school_that_only_the_own_extract_knows_is_not_taken_for_ours(tmp_path: Path) -> None:
    trust = Trust(
        id="penrowan",
        name="Penrowan Learning Trust",
        schools=(School(id="quillbrook", name="Quillbrook Primary School", town="Wexcombe"),),
    )
    (tmp_path / "register.csv").write_text(NEWLY_OPENED, "utf-8")
    names = Names(first_names(), surnames())
    own = Matcher(trust, england(str(tmp_path / "register.csv")), names)
    shipped = Matcher(trust, england(), names)
    assert [link.school_id for link in shipped.links(TEXT)] == ["quillbrook"]
    assert own.links(TEXT) == ()
    assert own.links("Quillbrook Primary School is closed")[0].school_id == "quillbrook"
