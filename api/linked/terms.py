"""Which terms of others stand for our own; context.jsonld says where each of them is defined."""

from importlib.resources import files

from api.paths import REST

LINKED_JSON = b"application/ld+json"
CONTEXT_PATH = f"{REST}/context.jsonld"
CONTEXT = (files("api") / "linked" / "context.jsonld").read_bytes()

ACTORS = {
    "PERSON": "Person",
    "COUNTRY": "Country",
    "GOVERNMENT": "GovernmentOrganization",
    "ORGANIZATION": "Organization",
    "PARTY": "PoliticalParty",
    "MEDIA": "NewsMediaOrganization",
    "GROUP": "Group",
}
ATTITUDES = {
    "SUPPORT": "AgreeAction",
    "OPPOSE": "DisagreeAction",
    "NEUTRAL": "AssessAction",
    "MIXED": "AssessAction",
}
"""Acts of forming an opinion; schema.org tells agreement and disagreement apart, and no more."""

UTTERANCES = {
    "DIRECT_QUOTE": "Quotation",
    "MIXED_QUOTE": "Quotation",
    "INDIRECT_QUOTE": "CreativeWork",
    "REPORTED_POSITION": "CreativeWork",
    "DOCUMENT": "CreativeWork",
    "ACTION": "Action",
    "VOTE": "VoteAction",
}
SPEAKER = {"Quotation": "spokenByCharacter", "CreativeWork": "creator", "Action": "agent", "VoteAction": "agent"}
"""What the speaker is to each."""
