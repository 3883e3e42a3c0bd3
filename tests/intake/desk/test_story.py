"""From a file to the portfolio, in the steps of the page."""

from tests.intake.desk.conftest import Desk

FRENCH = (
    "Code client;Raison sociale;CA annuel;Date de renouvellement;Effectif;MRR\n"
    "VAL-1;Société Réunie;120 000,50 €;30/11/2026;1 240;10 000,04\n"
    "VAL-2;Kalysta;n.c.;31/12/2026;12;0\n"
    "VAL-3;Fret Océan;84 000;31/02/2027;80;0\n"
).encode("cp1252")


def test_a_french_file_from_upload_to_portfolio(desk: Desk):
    claire = desk.login("csm")
    run_id = desk.sent(claire, {"clients 2026.csv": FRENCH})
    page = claire.get(f"/imports/{run_id}")
    assert page.status_code == 200
    open("/tmp/imp.html", "w").write(page.text)
    print(desk.run(run_id).__dict__, desk.tables(run_id)[0].__dict__)
    assert desk.counts(run_id) == {"accounts": (1, 0, 0, 2)}
