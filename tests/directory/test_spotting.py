"""Places inside sentences: found when the words say so, never taken from an ordinary word."""

import pytest

from bot.directory.places import spot
from tests.directory.test_places import written


def found(text: str) -> list[tuple[str, str]]:
    """(words, place) of each mention; « ? » and the choices when it must be asked."""
    return [
        (
            m.words,
            written(m.match.place) if m.match.place else "? " + " ".join(map(written, m.match.candidates)),
        )
        for m in spot(text)
    ]


@pytest.mark.parametrize(
    ("text", "words", "place"),
    [
        ("j habite caen", "caen", "Caen/14"),
        ("je suis a saint dizier", "saint dizier", "Saint-Dizier/52"),
        ("st dizier", "st dizier", "Saint-Dizier/52"),
        ("Bonjour, en arrêt depuis 4 mois, j'habite à Saint-Dizier", "Saint-Dizier", "Saint-Dizier/52"),
        ("salarié à Caen, en arrêt depuis 4 mois pour le dos", "Caen", "Caen/14"),
        ("JE SUIS A CAEN EN ARRET", "CAEN", "Caen/14"),
        ("Caen 14 jours d'arrêt", "Caen", "Caen/14"),
        ("j'habite à Vitry-le-François", "Vitry-le-François", "Vitry-le-François/51"),
        ("je vis à Besançon depuis 2 ans", "Besançon", "Besançon/25"),
        ("magasin à Alençon, 40 salariés", "Alençon", "Alençon/61"),
        ("je bosse à vitry le francois", "vitry le francois", "Vitry-le-François/51"),
        ("l'adresse de la mdph du 52 svp", "52", "/52"),
        ("le Cap emploi du 76 il est où", "76", "/76"),
        ("en arret ds le 31", "31", "/31"),
        ("93, magasin de 15 personnes", "93", "/93"),
        ("52, cariste, 48 ans", "52", "/52"),
        ("je suis dans le 52", "52", "/52"),
        ("je suis du 93", "93", "/93"),
        ("dept 76", "76", "/76"),
        ("en arrêt (52)", "52", "/52"),
        ("dans le 2A", "2A", "/2A"),
        ("je vis dans la haute marne", "haute marne", "/52"),
        ("en Haute-Marne", "Haute-Marne", "/52"),
        ("dans l'Aube", "Aube", "/10"),
        ("un emploi dans l'Orne", "Orne", "/61"),
        ("dans la Somme", "Somme", "/80"),
        ("je vis dans le Nord", "Nord", "/59"),
        ("je vis à la Réunion", "la Réunion", "/974"),
        ("je suis en corse du sud", "corse du sud", "/2A"),
        ("j'habite Paris 13", "Paris 13", "Paris 13e Arrondissement/75"),
        ("75013 Paris", "75013 Paris", "Paris 13e Arrondissement/75"),
        ("marseille 8e", "marseille 8e", "Marseille 8e Arrondissement/13"),
        ("52100 Saint-Dizier", "52100 Saint-Dizier", "Saint-Dizier/52"),
        ("saint-dizier (52)", "saint-dizier (52)", "Saint-Dizier/52"),
        ("j'habite langres 52", "langres 52", "Langres/52"),
        ("le havre 76", "le havre 76", "Le Havre/76"),
        ("vire 14500", "vire 14500", "Vire Normandie/14"),
        ("je travaille à Vire, dans le Calvados", "Vire, dans le Calvados", "Vire Normandie/14"),
        ("au Havre depuis 2 ans", "Havre", "Le Havre/76"),
        ("je suis aux Ulis", "Ulis", "Les Ulis/91"),
        ("j'habite wassy", "wassy", "Wassy/52"),
        ("près de Bernay dans l'Eure", "Bernay dans l'Eure", "Bernay/27"),
        ("je suis de Saint-Denis (93)", "Saint-Denis (93)", "Saint-Denis/93"),
        ("je suis maçon à Mâcon", "Mâcon", "Mâcon/71"),
        ("j'habite à Orange", "Orange", "Orange/84"),
        ("à Nice", "Nice", "Nice/06"),
        ("tourneur à Tours", "Tours", "Tours/37"),
        ("je vis avec ma mère à Mer", "Mer", "Mer/41"),
        ("aide soignante à l'EHPAD de Langres", "Langres", "Langres/52"),
        ("à l'hôpital de Chaumont", "Chaumont", "Chaumont/52"),
        ("chauffeur en Seine-et-Marne (77)", "Seine-et-Marne (77)", "/77"),
    ],
)
def test_un_lieu_dit_dans_une_phrase_est_trouve(text, words, place):
    assert found(text) == [(words, place)]


@pytest.mark.parametrize(
    "text",
    [
        "j'ai 52 ans",
        "arrêt de 52 jours",
        "le 12 mars",
        "depuis le 12",
        "dans le 12 mars",
        "je gagne 25000 euros",
        "au 52 rue des Fleurs",
        "j'ai mal au dos",
        "je vire au rouge",
        "je porte des charges lourdes",
        "je suis maçon",
        "La Poste me paie mal",
        "il y a 3 mois",
        "je travaille chez Orange",
        "c'est nice",
        "le sens de mon travail",
        "Arrêt de travail demain",
        "Bien sûr, je vous écoute",
        "je travaille dans un bar",
        "à la réunion de service",
        "au nord de la France",
        "à l'hôpital",
        "rue de Caen",
        "M. Langres m'a appelé",
        "j'habite seul",
        "la somme de 500",
        "c'est cher",
        "un lot de pièces",
        "j'ai des cannes",
        "la Saint-Sylvestre",
        "On m'a dit d'aller à Pôle Emploi",
        "mon employeur est à Luxembourg",
        "j'ai appelé le 36 46",
        "le 15 ou le 112",
        "mon contrat finit le 31",
        "article L4624-2-3",
        "",
        "...",
    ],
)
def test_un_mot_ordinaire_ou_une_quantite_n_est_pas_un_lieu(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ("je travaille à Vire", {"Vire Normandie/14", "Viré/71"}),
        ("j'habite saint denis", {"Saint-Denis/93", "Saint-Denis/974"}),
        ("je vis en Corse", {"/2A", "/2B"}),
        ("j'habite en Normandie", {"/14", "/27", "/50", "/61", "/76"}),
    ],
)
def test_un_lieu_ambigu_donne_les_choix(text, choices):
    (mention,) = spot(text)
    assert not mention.match.sure
    assert choices <= {written(place) for place in mention.match.candidates}


def test_chaque_mention_est_a_sa_place_dans_le_texte():
    text = "J'habite à Saint-Dizier (52) mais je travaille à Bar-le-Duc, dans la Meuse."
    mentions = spot(text)
    assert [text[m.start : m.end] for m in mentions] == [m.words for m in mentions]
    assert [written(m.match.place) for m in mentions if m.match.place] == ["Saint-Dizier/52", "Bar-le-Duc/55"]


def test_un_long_texte_est_lu_vite_et_sans_erreur():
    assert spot("je suis à Caen " * 20000)
