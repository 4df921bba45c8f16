"""Segments, cuts, ladder, secrecy, signatures: the parts, at the edges of the documented limits."""

import string
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation.secrecy import Secrecy, UnreadableError
from bot.gateway.channels.calling import retry_after
from bot.gateway.channels.ladder import climb, pages
from bot.gateway.channels.messenger import Messenger
from bot.gateway.channels.model import Option, Outgoing, Received
from bot.gateway.channels.outgoing import options as offered
from bot.gateway.channels.reading import said
from bot.gateway.channels.segments import plain, segments, septets
from bot.gateway.channels.settings import MessengerSettings, TelegramSettings, WhatsAppSettings
from bot.gateway.channels.sms import sms_texts
from bot.gateway.channels.splitting import at_most, shorten, split
from bot.gateway.channels.telegram import Telegram
from bot.gateway.channels.whatsapp import WhatsApp
from bot.gateway.channels.wording import channel_words, limits, meaning, unbroken
from bot.settings import ROOT
from tests.gateway.channels.platforms import FakeMeta, units


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("é" * 160, 1),
        ("€" * 80, 1),  # two septets each
        ("€" * 81, 2),
        ("a" * 152 + "€" + "a" * 152, 3),  # an escaped character is never cut by the end of a segment
        ("ê" * 70, 1),  # not in the alphabet: UCS-2
        ("ê" * 71, 2),
        ("ê" * 134, 2),
        ("ê" * 135, 3),
        ("😀" * 35, 1),  # two UTF-16 units each
        ("😀" * 36, 2),
        ("", 1),
    ],
)
def test_les_segments_sont_comptes_comme_les_operateurs(text: str, count: int) -> None:
    assert segments(text) == count


def test_le_francais_passe_en_gsm_sans_perdre_ses_accents_courants() -> None:
    text = plain("« Déjà reçu », où l’on fête Noël… à l'hôpital — cœur, ÇA, çà")
    assert text == "\"Déjà recu\", où l'on fete Noel... à l'hopital - coeur, ÇA, cà"
    assert septets(text) is not None
    assert septets(plain("🙂")) is None


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=string.ascii_letters + " .\n!?éê😀", max_size=3000), st.integers(5, 400))
def test_une_coupe_ne_perd_aucun_mot(text: str, size: int) -> None:
    pieces = split(text, at_most(size))
    assert all(piece.strip() and units(piece) <= size for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_une_coupe_se_fait_entre_les_phrases() -> None:
    text = "Une première phrase assez longue. Une deuxième phrase. Une troisième."
    assert split(text, at_most(60)) == [
        "Une première phrase assez longue. Une deuxième phrase.",
        "Une troisième.",
    ]
    assert shorten("Continuer sans rien garder", 20) == "Continuer sans rien…"


TITLES = st.text(alphabet=string.ascii_letters + " éà'", min_size=1, max_size=90).filter(str.strip)


@st.composite
def questions(draw: st.DrawFn) -> Outgoing:
    titles = draw(st.lists(TITLES, min_size=1, max_size=40, unique=True))
    kinds = draw(st.lists(st.sampled_from(["answer", "change"]), min_size=len(titles), max_size=len(titles)))
    rank, made = 0, []
    for position, (title, kind) in enumerate(zip(titles, kinds, strict=True)):
        rank += kind == "answer"
        label = str(rank) if kind == "answer" else ""
        made.append(Option(f"o{position}", title, label, f"0123456789abcdef:{position}", kind))  # type: ignore[arg-type]
    for tool in draw(st.sets(st.sampled_from(["dont_know", "why_question", "go_back"]))):
        made.append(Option(tool, tool * 3, "", f"0123456789abcdef:{len(made)}", "tool"))
    return Outgoing(
        draw(st.text(alphabet="abc é.\n", min_size=1, max_size=3000).filter(str.strip)), tuple(made)
    )


@settings(max_examples=60, deadline=None)
@given(questions())
def test_toute_question_tient_dans_les_limites_de_chaque_plateforme(question: Outgoing) -> None:
    fake = FakeMeta.__new__(FakeMeta)
    for call in WhatsApp(WhatsAppSettings()).render([question], {"to": "33600000001"}):
        _, _, wrong = getattr(fake, f"_{call.payload['typ']}")(call.payload["msg"])
        assert wrong == ""
    for call in Messenger(MessengerSettings()).render([question], {"id": "1"}):
        message = call.payload["message"]
        assert 1 <= units(message["text"]) <= 2000
        assert len(message.get("quick_replies", [])) <= 13
        assert all(units(reply["title"]) <= 20 for reply in message.get("quick_replies", []))
    for call in Telegram(TelegramSettings(), "s").render([question], {"chat_id": 1}):
        assert units(call.payload["text"]) <= 4096
        rows = call.payload.get("reply_markup", {"inline_keyboard": []})["inline_keyboard"]
        assert all(len(button["callback_data"].encode()) <= 64 for row in rows for button in row)
    for text in sms_texts([question]):
        assert segments(text) <= limits("sms").segments


def options(count: int, *, title: str = "Choix") -> tuple[Option, ...]:
    return tuple(Option(f"o{n}", f"{title} {n}", str(n), f"q:{n}") for n in range(1, count + 1))


@pytest.mark.parametrize(
    ("channel", "count", "rung"),
    [
        ("whatsapp", 3, "buttons"),
        ("whatsapp", 4, "list"),
        ("whatsapp", 10, "list"),
        ("whatsapp", 11, "numbered"),
        ("messenger", 13, "buttons"),
        ("messenger", 14, "numbered"),
        ("telegram", 24, "buttons"),
        ("telegram", 25, "numbered"),
        ("sms", 1, "numbered"),
    ],
)
def test_l_echelle_descend_d_un_barreau_a_la_limite(channel: str, count: int, rung: str) -> None:
    assert climb(Outgoing("Question ?", options(count)), limits(channel)).rung == rung


def test_un_titre_coupe_est_aussi_ecrit_en_entier() -> None:
    made = climb(Outgoing("Question ?", options(2, title="Continuer sans trop savoir")), limits("whatsapp"))
    assert [button.title for button in made.buttons] == ["1. Continuer sans…", "2. Continuer sans…"]
    assert "1. Continuer sans trop savoir 1" in made.text


def test_un_titre_long_a_un_titre_court_et_reste_ecrit_en_entier() -> None:
    asked = (Option("yes", "Oui, je suis d'accord", "1", "q:0"), Option("no", "Non", "2", "q:1"))
    made = climb(Outgoing("Question ?", asked), limits("messenger"))
    assert [button.title for button in made.buttons] == ["Oui, d'accord", "Non"]
    assert "1. Oui, je suis d'accord" in made.text


def test_les_titres_courts_sont_ceux_des_choix_du_dialogue() -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    spoken = [each for variants in domain["responses"].values() for each in variants]
    titles = {button["title"] for each in spoken for button in each.get("buttons") or []}
    short = channel_words().short
    assert set(short) <= titles
    assert all(len(each) <= 20 for each in short.values())
    assert not set(short.values()) & titles


@pytest.mark.parametrize(("asks", "labels"), [("leave_days", ["1", "2"]), ("company_size", ["A", "B"])])
def test_un_nombre_seul_choisit_sauf_la_ou_il_est_une_reponse(asks: str, labels: list[str]) -> None:
    choices = [{"id": "a", "title": "Environ 2 semaines"}, {"id": "b", "title": "Environ 3 mois"}]
    question = {"id": "q", "asks": asks, "input": "number", "choices": choices}
    state: Any = SimpleNamespace(
        question=question, choices={each["id"]: each for each in choices}, handoff=None
    )
    assert [option.label for option in offered(state)] == labels
    received = Received("p", {}, "m", 1, "text", "2")
    assert said(received, state).choice == ("b" if asks == "leave_days" else None)


def test_un_telephone_ne_coupe_pas_avant_la_ponctuation() -> None:
    assert unbroken("« Ça va ? » : oui !") == "«\u00a0Ça va\u00a0?\u00a0»\u00a0: oui\u00a0!"
    [(text, rendered)] = pages([Outgoing("Et là ?", options(1, title="Oui !"))], limits("telegram"), "")
    assert (text, rendered.buttons[0].title) == ("Et là\u00a0?", "Oui\u00a0! 1")
    assert sms_texts([Outgoing(unbroken("Et là ?"))]) == ["Et là ?"]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("STOP", "stop"),
        (" Stop. ", "stop"),
        ("Effacer !", "erase"),
        ("AIDE", "help"),
        ("Pourquoi ?", "why_question"),
        ("?", "why_question"),
        ("Je ne sais pas…", "dont_know"),
        ("je suis en arrêt, stop ou encore ?", None),
        ("mon employeur veut effacer mon poste", None),
        ("", None),
    ],
)
def test_les_mots_reconnus_font_tout_le_message(text: str, asked: str | None) -> None:
    assert meaning(text) == asked


def test_le_secret_d_avant_se_lit_encore_et_n_ecrit_plus() -> None:
    old, new = Secrecy("ancien", purpose="channels"), Secrecy("nouveau", ["ancien"], purpose="channels")
    hidden = old.hide({"to": "33600000001"})
    assert "336" not in hidden
    assert new.show(hidden) == {"to": "33600000001"}
    assert new.lookups("telegram", "1")[1] == old.lookup("telegram", "1")
    with pytest.raises(UnreadableError):
        old.show(new.hide("x"))
    assert new.lookup("a", "bc") != new.lookup("ab", "c")


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("3", 3.0), ("", None), ("bientôt", None), ("-5", 0.0), ("99999", 3600.0), ("nan", None)],
)
def test_retry_after(value: str, seconds: float | None) -> None:
    assert retry_after(value) == seconds


def test_retry_after_en_date() -> None:
    assert retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0.0
