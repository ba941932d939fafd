"""publiccode.yml says what its standard asks for (github.com/publiccodeyml/publiccode.yml)."""

from urllib.parse import urlsplit

import yaml

from dispatch.settings import ROOT

NEEDED = {
    "publiccodeYmlVersion", "name", "url", "platforms", "categories", "developmentStatus",
    "softwareType", "description", "legal", "maintenance", "localisation",
}  # fmt: skip
SCOPES = {
    "agriculture", "culture", "defence", "education", "emergency-services", "employment", "energy",
    "environment", "finance-and-economic-development", "foreign-affairs", "government",
    "healthcare", "infrastructures", "justice", "local-authorities", "manufacturing", "research",
    "science-and-technology", "security", "society", "sport", "tourism", "transportation",
    "welfare",
}  # fmt: skip


def test_every_key_the_standard_asks_for_is_there_with_a_value_it_knows() -> None:
    code = yaml.safe_load((ROOT / "publiccode.yml").read_text("utf-8"))
    assert set(code) >= NEEDED
    assert urlsplit(code["url"]).scheme == "https"
    assert code["legal"]["license"] == "EUPL-1.2"
    assert code["maintenance"]["type"] in {"internal", "contract", "community", "none"}
    assert all(contact["name"] for contact in code["maintenance"]["contacts"])
    assert set(code["intendedAudience"]["scope"]) <= SCOPES
    assert code["localisation"]["availableLanguages"] == sorted(code["description"])
    for told in code["description"].values():
        assert len(told["shortDescription"]) <= 150
        assert 500 <= len(told["longDescription"]) <= 10_000
        assert told["features"]
