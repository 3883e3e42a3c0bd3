"""Importing contacts tells who arrived, left or changed role: never the first ones, and nothing twice."""

import pytest

from tests.intake.conftest import Intake

ACCOUNTS = "external_id,name\nA,Valmorin\nB,Kerneis\n"
FIRST = (
    "external_id,account_id,name,email,role,left_on\n"
    "1,A,Sophie,s@v.example,sponsor,\n"
    "2,A,Anne,a@v.example,decision maker,\n"
    "3,A,Marc,m@v.example,other,\n"
)
MOVED = "SELECT name, kind, role, role_before, date FROM contact_change ORDER BY id"


def test_people_who_move(intake: Intake) -> None:
    intake.run({"accounts.csv": ACCOUNTS, "contacts.csv": FIRST})
    assert intake.rows(MOVED) == []
    later = (
        "external_id,account_id,name,email,role,left_on\n"
        "1,A,Sophie,s@v.example,sponsor,2026-11-02\n"
        "2,A,Anne,a@v.example,champion,\n"
        "3,A,Marc,m@v.example,other,2026-11-02\n"
        "4,A,Lila,l@v.example,sponsor,\n"
        "5,A,Paul,p@v.example,other,\n"
        "6,B,Nour,n@k.example,sponsor,\n"
    )
    intake.run({"contacts.csv": later})
    moved = sorted((name, kind, role, before, str(day)) for name, kind, role, before, day in intake.rows(MOVED))
    assert moved == [
        ("Anne", "role", "champion", "decision_maker", "2026-11-12"),
        ("Lila", "arrived", "sponsor", "", "2026-11-12"),
        ("Sophie", "left", "sponsor", "", "2026-11-02"),
    ]
    intake.run()
    assert len(intake.rows(MOVED)) == 3


@pytest.mark.parametrize("again", ["", "2026-11-05"])
def test_who_left_may_return(lite: Intake, again: str) -> None:
    gone = FIRST.replace("sponsor,\n", "sponsor,2026-11-02\n")
    lite.run({"accounts.csv": ACCOUNTS, "contacts.csv": FIRST})
    lite.run({"contacts.csv": gone})
    lite.run({"contacts.csv": FIRST.replace("sponsor,\n", f"sponsor,{again}\n")})
    kinds = [row[1] for row in lite.rows(MOVED)]
    assert kinds == ["left", "left" if again else "arrived"]
