"""The suggested mapping, against known answers: the real files, and exports made up in three languages."""

from pathlib import Path

import pytest

from haark.intake.looking import Reading, look, rule_of
from haark.intake.suggesting.words import factor, words
from haark.intake.wording import AtFault


def read(folder: Path, name: str, content: str, **known: list[str]) -> Reading:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    (found,) = look(path, known.get("owners", ()))
    assert Reading.from_json(found.reading.to_json()) == found.reading
    return found.reading


def told(reading: Reading) -> dict[str, str]:
    """{canonical column: where it comes from}; constants in quotes."""
    return {name: " + ".join(choice.headers) or f"'{choice.const}'" for name, choice in reading.columns.items()}


REAL = {
    "maven_crm/accounts.csv": ("accounts", {
        "name": "account", "sector": "sector", "employees": "employees", "country": "office_location",
        "parent_external_id": "subsidiary_of",
    }),  # `revenue` is the client's own turnover: it is no ARR
    "maven_crm/sales_pipeline.csv": ("opportunities", {
        "external_id": "opportunity_id", "account_id": "account", "name": "product", "stage": "deal_stage",
        "amount": "close_value", "close_date": "close_date", "created_at": "engage_date", "owner_email": "sales_agent",
    }),
    "maven_crm/products.csv": ("", {}),
    "maven_crm/sales_teams.csv": ("", {}),
    "maven_crm/data_dictionary.csv": ("", {}),
    "ravenstack/ravenstack_accounts.csv": ("accounts", {
        "external_id": "account_id", "name": "account_name", "sector": "industry", "contract_start": "signup_date",
        "tags": "plan_tier", "seats": "seats", "country": "country",
    }),
    "ravenstack/ravenstack_subscriptions.csv": ("revenue", {
        "external_id": "subscription_id", "account_id": "account_id", "date": "start_date", "arr": "arr_amount",
    }),
    "ravenstack/ravenstack_churn_events.csv": ("renewals", {
        "external_id": "churn_event_id", "account_id": "account_id", "date": "churn_date", "outcome": "'lost'",
        "reason": "reason_code",
    }),
    # The account is named in another file: a person or a mapping says how to get there.
    "ravenstack/ravenstack_feature_usage.csv": ("usage", {
        "external_id": "usage_id", "date": "usage_date", "feature": "feature_name", "events": "usage_count",
    }),
    "ravenstack/ravenstack_support_tickets.csv": ("tickets", {
        "external_id": "ticket_id", "account_id": "account_id", "opened_at": "submitted_at", "closed_at": "closed_at",
        "priority": "priority", "csat": "satisfaction_score",
    }),
    "nps/nps_survey.csv": ("surveys", {
        "external_id": "id", "date": "surveyed_at", "kind": "'nps'", "score": "score",
    }),
}  # fmt: skip


@pytest.mark.parametrize("name", REAL)
def test_real_files(shared_data: Path, name: str) -> None:
    kind, columns = REAL[name]
    (found,) = look(shared_data / name)
    assert (found.kind, told(found.reading)) == (kind, columns)


MADE_UP = {
    "clients_2026-11.csv": (
        "Code client;Raison sociale;CA récurrent annuel;Échéance;Effectif;Chargé de compte;MRR;Commentaire\n"
        "VAL-0042;Groupe Valmorin;120 000,00 €;11/01/2027;1 240;C. Delorme;10 000,00 €;à rappeler\n"
        "FRE-0001;Fret Océan;48 000,50 €;30/11/2026;310;P. Vidal;4 000,04 €;\n",
        "accounts",
        {"external_id": "Code client", "name": "Raison sociale", "employees": "Effectif", "arr": "CA récurrent annuel",
         "renewal_date": "Échéance", "owner_email": "Chargé de compte"},
    ),
    "portefeuille.csv": (
        "Raison sociale;CA annuel;Date de renouvellement;Secteur d'activité;Pays;Devise;Date début contrat\n"
        "Kalysta;90 000,50;31/12/2026;Santé;France;EUR;01/01/2024\n",
        "accounts",
        {"name": "Raison sociale", "sector": "Secteur d'activité", "arr": "CA annuel", "currency": "Devise",
         "contract_start": "Date début contrat", "renewal_date": "Date de renouvellement", "country": "Pays"},
    ),
    "export 1.csv": (
        "CustomerID,CompanyName,ARR (k€),RenewalDate,CSM,Number of employees,Parent account\n"
        "C1,Acme,120,2027-01-15,ann@example.com,400,\nC2,Beta,12.5,2027-03-01,bob@example.com,20,C1\n",
        "accounts",
        {"external_id": "CustomerID", "name": "CompanyName", "employees": "Number of employees", "arr": "ARR (k€)",
         "renewal_date": "RenewalDate", "parent_external_id": "Parent account", "owner_email": "CSM"},
    ),
    "клієнти.csv": (
        "Код клієнта;Назва компанії;Річний дохід;Дата продовження;Галузь;Кількість працівників;Відповідальний\n"
        "К-1;ТОВ Світанок;1 200 000,00 ₴;15.01.2027;Логістика;120;olena@example.com\n",
        "accounts",
        {"external_id": "Код клієнта", "name": "Назва компанії", "sector": "Галузь",
         "employees": "Кількість працівників", "arr": "Річний дохід", "renewal_date": "Дата продовження",
         "owner_email": "Відповідальний"},
    ),
    "annuaire.csv": (
        "Société;Civilité;Prénom;Nom;E-mail;Téléphone;Fonction;Contact principal\n"
        "Acme;Mme;Inès;Durand;ines@acme.example;+33 1 02 03 04 05;Directrice financière;oui\n"
        "Beta;M.;Paul;Vidal;paul@beta.example;+33 1 99 03 04 05;Acheteur informatique;non\n",
        "contacts",
        {"account_id": "Société", "name": "Prénom + Nom", "email": "E-mail", "main": "Contact principal",
         "phone": "Téléphone"},  # a job title is no role
    ),
    "people.csv": (
        "Account,Full name,Work email,Buying role,Phone\nAcme,Ann Lee,ann@acme.example,Decision maker,555-010-9999\n"
        "Beta,Bob Ray,bob@beta.example,Champion,555-010-8888\n",
        "contacts",
        {"account_id": "Account", "name": "Full name", "email": "Work email", "role": "Buying role",
         "phone": "Phone"},
    ),
    "контакти.csv": (
        "Компанія;ПІБ;Електронна пошта;Телефон;Мова\nСвітанок;Олена Коваль;olena@s.example;+380 44 123 45 67;uk\n",
        "contacts",
        {"account_id": "Компанія", "name": "ПІБ", "email": "Електронна пошта", "phone": "Телефон",
         "language": "Мова"},
    ),
    "usage_quotidien.csv": (
        "Code client;Jour;Fonctionnalité;Utilisateurs actifs;Événements;Connexions\nA1;01/11/2026;Tableaux;12;340;18\n",
        "usage",
        {"account_id": "Code client", "date": "Jour", "feature": "Fonctionnalité",
         "active_users": "Utilisateurs actifs", "events": "Événements", "logins": "Connexions"},
    ),
    "enquetes_nps.csv": (
        "Client;Date de réponse;Note;Verbatim;E-mail\nAcme;12/11/2026;9;Très bien;ines@acme.example\n",
        "surveys",
        {"account_id": "Client", "date": "Date de réponse", "kind": "'nps'", "score": "Note", "comment": "Verbatim",
         "contact_email": "E-mail"},
    ),
    "satisfaction csat.csv": (
        "Company,Survey date,Score,Comment\nAcme,2026-11-12,4,ok\nBeta,2026-11-13,5,\n",
        "surveys",
        {"account_id": "Company", "date": "Survey date", "kind": "'csat'", "score": "Score", "comment": "Comment"},
    ),
    "demandes.csv": (
        "N° ticket;Client;Ouvert le;Fermé le;Priorité;Objet\n"
        "T-1;Acme;01/11/2026 09:30;13/11/2026 10:00;P1;Export en panne\nT-2;Beta;14/11/2026 08:00;;Basse;Question\n",
        "tickets",
        {"external_id": "N° ticket", "account_id": "Client", "opened_at": "Ouvert le", "closed_at": "Fermé le",
         "priority": "Priorité", "subject": "Objet"},
    ),
    "calls.csv": (
        "Account,Date,Direction,Summary\nAcme,2026-11-02 10:00,Inbound,Asked for the roadmap\n",
        "interactions",
        {"account_id": "Account", "at": "Date", "kind": "'call'", "direction": "Direction", "summary": "Summary"},
    ),
    "résiliations.csv": (
        "Client;Date de résiliation;Motif\nAcme;31/12/2025;Prix\n",
        "renewals",
        {"account_id": "Client", "date": "Date de résiliation", "outcome": "'lost'", "reason": "Motif"},
    ),
    "renouvellements.csv": (
        "Client;Date de renouvellement;Renouvelé;Motif;Date de préavis\nAcme;31/12/2025;oui;;01/10/2025\n"
        "Beta;31/12/2025;non;prix;\n",
        "renewals",
        {"account_id": "Client", "date": "Date de renouvellement", "outcome": "Renouvelé", "reason": "Motif",
         "notice_date": "Date de préavis"},
    ),
    "affaires.csv": (
        "Opportunité;Client;Étape;Montant;Date de clôture prévue;Commercial;Type\n"
        "Extension 2027;Acme;Gagnée;12 500,00 €;31/01/2027;paul@nous.example;Extension\n",
        "opportunities",
        {"account_id": "Client", "name": "Opportunité", "kind": "Type", "stage": "Étape", "amount": "Montant",
         "close_date": "Date de clôture prévue", "owner_email": "Commercial"},
    ),
    "угоди.csv": (
        "Назва угоди;Компанія;Стадія;Сума;Очікувана дата закриття\nПроєкт А;Світанок;Виграно;90 000,00;20.12.2026\n",
        "opportunities",
        {"account_id": "Компанія", "name": "Назва угоди", "stage": "Стадія", "amount": "Сума",
         "close_date": "Очікувана дата закриття"},
    ),
    "golives.csv": (
        "Client;Date de mise en service;Projet;Majeur\nAcme;12/05/2026;Module paie;oui\nB;13/06/2026;Paie;non\n",
        "golives",
        {"account_id": "Client", "date": "Date de mise en service", "name": "Projet", "major": "Majeur"},
    ),
    "modules.csv": (
        "Feature key,Feature name,Premium,Plan\nboards,Boards,yes,Pro\nsso,Single sign-on,no,Base\n",
        "features",
        {"key": "Feature key", "name": "Feature name", "premium": "Premium", "plan": "Plan"},
    ),
    "nps_q3.csv": (
        "Horodateur;Adresse e-mail;Entreprise;Sur une échelle de 0 à 10, nous recommanderiez-vous ?;Commentaires\n"
        "13/10/2026 10:12:03;ines@acme.example;Acme;9;Très bien\n14/10/2026 11:00:00;bob@beta.example;Beta;6;\n",
        "surveys",
        {"account_id": "Entreprise", "date": "Horodateur", "kind": "'nps'",
         "score": "Sur une échelle de 0 à 10, nous recommanderiez-vous ?", "comment": "Commentaires",
         "contact_email": "Adresse e-mail"},
    ),
    "freshdesk.csv": (
        "Ticket ID,Subject,Status,Priority,Agent,Created time,Closed time,Company Name,Full name,Email\n"
        "101,No access,Closed,Urgent,Ann,2026-11-01 09:30:00,2026-11-02 10:00:00,Acme,Ines,ines@acme.example\n",
        "tickets",
        {"external_id": "Ticket ID", "account_id": "Company Name", "opened_at": "Created time",
         "closed_at": "Closed time", "priority": "Priority", "subject": "Subject"},
    ),
    "subscriptions export.csv": (
        "subscriptions.id,customers.company,subscriptions.status,subscriptions.mrr,subscriptions.started_at\n"
        "s1,Acme,active,1200.00,2025-01-01\n",
        "revenue",
        {"external_id": "subscriptions.id", "account_id": "customers.company", "date": "subscriptions.started_at",
         "arr": "subscriptions.mrr"},
    ),
    "zoho accounts.csv": (  # nearly Salesforce's words
        "Record Id,Account Owner,Account Name,Industry,Employees,Annual Revenue,Billing Country,Created Time\n"
        "zcrm_1,Ann Lee,Acme,Energy,320,1000000,France,2026-01-02 10:00:00\n",
        "accounts",
        {"external_id": "Record Id", "name": "Account Name", "sector": "Industry", "employees": "Employees",
         "owner_email": "Account Owner", "country": "Billing Country"},
    ),
    "notes de frais.csv": ("Date;Poste;Montant TTC\n01/11/2026;Taxi;12,50\n13/11/2026;Train;80,00\n", "", {}),
}  # fmt: skip


@pytest.mark.parametrize("name", MADE_UP)
def test_made_up_exports(tmp_path: Path, name: str) -> None:
    content, kind, columns = MADE_UP[name]
    reading = read(tmp_path, name, content)
    assert (reading.kind, told(reading)) == (kind, columns)


def test_values_of_ours_are_named(tmp_path: Path) -> None:
    content, _, _ = MADE_UP["demandes.csv"]
    assert read(tmp_path, "demandes.csv", content).columns["priority"].values == {"P1": "urgent"}
    content, _, _ = MADE_UP["affaires.csv"]
    columns = read(tmp_path, "affaires.csv", content).columns
    assert (columns["stage"].values, columns["kind"].values) == ({"Gagnée": "won"}, {"Extension": "upsell"})
    content, _, _ = MADE_UP["renouvellements.csv"]
    assert read(tmp_path, "r.csv", content).columns["outcome"].values == {"oui": "renewed", "non": "lost"}


def test_monthly_revenue_is_left_alone_beside_arr_and_stands_in_for_it_twelvefold(tmp_path: Path) -> None:
    both = read(tmp_path, "clients.csv", "Nom;ARR;MRR\nA;1200;100\nB;2400;200\n")
    assert told(both) == {"name": "Nom", "arr": "ARR"}
    alone = read(tmp_path, "clients.csv", "Nom;MRR (k€);Échéance\nA;1;13/01/2027\nB;2;14/01/2027\n")
    assert (alone.columns["arr"].header, alone.columns["arr"].factor) == ("MRR (k€)", "12000")
    assert read(tmp_path, "clients.csv", "Nom;ARR en M€\nA;1,5\n").columns["arr"].factor == "1000000"


def test_intervals_of_amounts_are_known_as_such(shared_data: Path) -> None:
    path = shared_data / "ravenstack" / "ravenstack_subscriptions.csv"
    (found,) = look(path)
    rule = rule_of(found.reading, path)
    assert rule.levels is not None
    assert (rule.levels.start.header, rule.levels.end.header) == ("start_date", "end_date")
    assert (rule.levels.amount.header, rule.levels.by) == ("arr_amount", "account_id")


def test_a_column_of_colleagues_is_known_by_their_names(tmp_path: Path) -> None:
    content = "Raison sociale;Échéance;Qui\nA;13/01/2027;Claire Delorme\nB;14/01/2027;Paul Vidal\n"
    assert "owner_email" not in told(read(tmp_path, "clients.csv", content))
    reading = read(tmp_path, "clients.csv", content, owners=["claire delorme", "Paul Vidal"])
    assert told(reading)["owner_email"] == "Qui"


def test_values_outweigh_words(tmp_path: Path) -> None:
    """A column that says «e-mail» and holds none is no address; neither is a date what holds amounts."""
    reading = read(tmp_path, "contacts.csv", "Société;Nom;E-mail\nA;Ann Lee;oui\nB;Bob Ray;non\n")
    assert told(reading) == {"account_id": "Société", "name": "Nom"}
    reading = read(tmp_path, "clients.csv", "Nom;Échéance;ARR\nA;12,50;13/01/2027\nB;13,50;14/01/2027\n")
    assert told(reading) == {"name": "Nom"}


def test_a_file_of_refused_rows_is_read_as_the_file_they_came_from(tmp_path: Path) -> None:
    content = "Client;Date;Issue;Motif\nA;31/12/2025;renewed;\n"
    first = read(tmp_path, "renouvellements.csv", content)
    again = read(
        tmp_path,
        "renouvellements-refus.csv",
        "Client;Date;Issue;Motif;reason;file;row\nA;31/12/2025;renewed;;le compte est inconnu;renouvellements.csv;2\n",
    )
    assert told(again) == told(first)


def test_words_of_headers() -> None:
    assert words("Date de renouvellement") == ("date", "renouvellement")
    assert words("renewal_date") == words("RenewalDate") == words("Renewal-Date") == ("renewal", "date")
    assert words("N° d'affaire") == words("N° affaire") == ("numero", "affaire")
    assert words("ARR (k€)") == words("ARR €") == ("arr",)
    assert [factor(text) for text in ("ARR (k€)", "CA en M€", "ARR in thousands", "ARR", "Marque")] == [
        "1000", "1000000", "1000", "", "",
    ]  # fmt: skip


def test_a_reading_that_cannot_be_one_gets_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with pytest.raises(AtFault, match="choisissez ce que contient"):
        rule_of(Reading("", 1, {}), path)
    reading = read(tmp_path, "a.csv", "Nom;Pays\nA;FR\n")
    with pytest.raises(AtFault, match="obligatoire"):
        rule_of(Reading("accounts", 1, {}), path)
    twice = {**reading.columns, "sector": reading.columns["name"]}
    with pytest.raises(AtFault, match="lue deux fois"):
        rule_of(Reading("accounts", 1, twice), path)


def test_custom_fields_are_known_by_their_column_or_name(tmp_path: Path) -> None:
    path = tmp_path / "clients.csv"
    path.write_text("Raison sociale;cf_segment;Hébergement\nAcme;A;cloud\n", encoding="utf-8")
    (found,) = look(path, fields={"cf_segment": "Segment commercial", "cf_hosting": "Hébergement"})
    assert told(found.reading) == {"name": "Raison sociale", "cf_segment": "cf_segment", "cf_hosting": "Hébergement"}
    assert [each.canonical for each in rule_of(found.reading, path).columns] == ["name", "cf_segment", "cf_hosting"]
