"""One message during the questions: which slots it fills, what is asked next, what is answered."""

from actions import slots
from actions.form import ValidateSituationForm
from tests.actions.conftest import Act

KNOWN = {"audience": "worker", "health_problem": True, "status": "salarie_prive", "department": "52"}


async def test_qui_ne_sait_pas_s_il_est_en_arret_n_est_pas_interroge_sur_sa_duree(act: Act):
    done = await act(ValidateSituationForm(), "dont_know", **KNOWN, requested_slot="on_leave")
    assert set(done.slots[slots.DECLINED]) == {"on_leave", "leave_days", "return_date"}
    assert done.slots[slots.REQUESTED] not in ("on_leave", "leave_days", "return_date")


async def test_dire_ensuite_qu_on_est_en_arret_rouvre_la_question_de_sa_duree(act: Act):
    done = await act(
        ValidateSituationForm(),
        "inform",
        text="en fait je suis en arrêt",
        entities={"on_leave": True},
        **KNOWN,
        requested_slot="sector",
        declined=["leave_days", "on_leave", "return_date"],
    )
    assert done.slots["on_leave"] is True
    assert done.slots[slots.DECLINED] == []
    assert "utter_understood" in done.responses


async def test_une_phrase_remplit_plusieurs_faits_et_pose_la_question_qui_decide(act: Act):
    done = await act(
        ValidateSituationForm(),
        "inform",
        text="je suis maçon, en arrêt depuis 4 mois",
        entities={"audience": "worker", "sector": "btp", "on_leave": True, "leave_days": 120},
        requested_slot="audience",
    )
    assert (done.slots["sector"], done.slots["leave_days"]) == ("btp", 120)
    assert done.slots["leave_start"]
    assert done.slots[slots.REQUESTED] not in (None, "audience", "sector", "on_leave", "leave_days")


async def test_un_danger_arrete_les_questions_et_garde_la_question_ouverte(act: Act):
    done = await act(
        ValidateSituationForm(),
        "distress",
        entities={"safety": "suicide"},
        **KNOWN,
        requested_slot="on_leave",
    )
    assert done.responses == ["utter_safety_suicide"]
    assert done.customs == [{"safety": "suicide"}]
    assert (done.slots[slots.OPEN], done.slots[slots.REQUESTED]) == ("on_leave", slots.PAUSED)


async def test_apres_un_danger_un_message_obscur_redonne_les_numeros_sans_reprendre_les_questions(act: Act):
    done = await act(
        ValidateSituationForm(),
        "out_of_scope",
        text="je sais plus",
        confidence=0.3,
        **KNOWN,
        requested_slot=slots.PAUSED,
        open="on_leave",
    )
    assert done.responses == ["utter_still_here"]
    assert done.slots[slots.REQUESTED] == slots.PAUSED


async def test_un_refus_d_accord_efface_ce_qui_touche_a_la_sante(act: Act):
    done = await act(
        ValidateSituationForm(),
        "inform",
        entities={"consent": "no"},
        requested_slot="consent",
        consent=None,
        on_leave=True,
        leave_days=40,
        department="52",
    )
    assert done.slots[slots.CONSENT] == "no"
    assert (done.slots["on_leave"], done.slots["leave_days"]) == (None, None)
    assert "department" not in done.slots


async def test_une_action_qui_echoue_le_dit_et_ne_perd_rien(act: Act, monkeypatch, caplog):
    def fail(*_: object) -> None:
        raise ValueError("lombalgie")

    monkeypatch.setattr("actions.form.listen", fail)
    done = await act(ValidateSituationForm(), "inform", text="lombalgie", requested_slot="on_leave")
    assert done.responses == ["utter_technical_problem"]
    assert done.slots == {slots.TURN: 2, slots.REQUESTED: "on_leave"}
    assert [record.levelname for record in caplog.records] == ["ERROR"]


async def test_la_question_dit_son_rang_et_garde_le_total_annonce(act: Act):
    first = (await act(ValidateSituationForm(), "inform")).slots
    assert first["progress"] == {"fact": "audience", "asked": 1, "about": 8}
    second = (
        await act(
            ValidateSituationForm(), "inform", entities={"audience": "worker"}, requested_slot="audience",
            progress=first["progress"],
        )
    ).slots  # fmt: skip
    assert second["progress"] == {"fact": "on_leave", "asked": 2, "about": 8}
    again = await act(
        ValidateSituationForm(), "ask_rqth", audience="worker", requested_slot="on_leave",
        history=["audience"], progress=second["progress"],
    )  # fmt: skip
    assert again.slots["requested_slot"] == "on_leave"
    assert "progress" not in again.slots, "the same question keeps its rank"


async def test_un_total_faux_de_plus_d_une_question_est_corrige(act: Act):
    found = await act(
        ValidateSituationForm(), "inform", entities={"on_leave": True}, audience="worker", status="independant",
        department="52", health_problem=True, requested_slot="on_leave", history=["audience"],
        progress={"fact": "on_leave", "asked": 2, "about": 8},
    )  # fmt: skip
    progress = found.slots["progress"]
    assert progress["asked"] == 3
    assert 3 <= progress["about"] < 7


async def test_sans_accord_deux_questions_seulement(act: Act):
    found = await act(ValidateSituationForm(), "inform", consent="no")
    assert found.slots["progress"] == {"fact": "audience", "asked": 1, "about": 2}


async def test_une_reponse_que_l_on_modifie_n_a_pas_de_rang(act: Act):
    found = await act(
        ValidateSituationForm(), "modify", entities={"fact": "status"}, audience="worker", status="salarie_prive",
        history=["audience", "status"], progress={"fact": "boeth", "asked": 8, "about": 8},
    )  # fmt: skip
    assert found.slots["requested_slot"] == "status"
    assert "progress" not in found.slots


async def test_la_question_glissee_dans_un_message_recoit_sa_reponse(act: Act):
    asked = {"intent": "ask_rqth", "confidence": 0.8, "topic": "rqth_delay"}
    done = await act(
        ValidateSituationForm(),
        "inform",
        text="je suis en arrêt depuis mai, la rqth met combien de temps ?",
        entities={"on_leave": True, "question": asked},
        **KNOWN,
        requested_slot="on_leave",
    )
    assert done.slots[slots.ANSWERED] == "rqth_delay"


async def test_dire_un_fait_n_est_pas_poser_la_question(act: Act):
    done = await act(
        ValidateSituationForm(),
        "ask_therapeutic_part_time",
        text="je suis à mi-temps thérapeutique je vous l'ai dit",
        entities={"therapeutic_part_time": True},
        confidence=0.9,
        **KNOWN,
        requested_slot="on_leave",
    )
    assert slots.ANSWERED not in done.slots
    assert done.slots["therapeutic_part_time"] is True


async def test_qui_ecrit_pour_un_proche_apprend_une_fois_a_qui_parlent_les_questions(act: Act):
    words = "mon mari est chauffeur routier, en arrêt depuis mars"
    known = {"requested_slot": "audience", "text": words}
    first = await act(
        ValidateSituationForm(), "inform", entities={"on_leave": True, "leave_days": 270}, **known
    )
    assert first.responses[:2] == ["utter_understood_first", "utter_for_a_relative"]
    again = await act(
        ValidateSituationForm(),
        "inform",
        entities={"sector": "btp", "age": 50},
        said=first.slots[slots.SAID],
        **known,
    )
    assert "utter_for_a_relative" not in again.responses


async def test_laisser_tomber_un_choix_de_sens_ramene_a_la_question(act: Act):
    for said in ("stop", "deny"):
        done = await act(
            ValidateSituationForm(),
            said,
            text="non laissez tomber",
            **KNOWN,
            requested_slot=slots.CLARIFY,
            open="on_leave",
        )
        assert done.responses == ["utter_left_there"]
        assert done.slots[slots.REQUESTED] == "on_leave"


async def test_reprendre_apres_un_danger_le_dit_avec_le_numero(act: Act):
    done = await act(
        ValidateSituationForm(),
        "inform",
        text="je vais appeler, mais mon épaule est foutue",
        entities={"health_problem": True},
        **{**KNOWN, "health_problem": None},
        requested_slot=slots.PAUSED,
        open="on_leave",
    )
    assert "utter_resumed" in done.responses
