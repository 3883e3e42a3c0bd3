def test_page(story):
    csm, account = story.login("csm"), story.id("Groupe Valmorin")
    csm.app.config["PROPAGATE_EXCEPTIONS"] = True
    url = csm.post(
        f"/accounts/{account}/reviews", period="2026-Q4", sections=["results"], kind="", language="fr"
    ).location
    r = csm.get(f"{url}/meeting")
    assert r.status_code == 200, r.text[:300]
