"""Deux personnes ont écrit sur la même fiche : ce que la fusion garde, ce qu'elle remet à trancher."""

from registre.portes.gestion.fusion import fusionner

LU = {
    "service": "Marketing",
    "volumes": "",
    "finalites": [{"numero": 1, "libelle": "Prospecter"}, {"numero": 2, "libelle": "Mesurer"}],
    "donnees": [{"numero": 1, "categorie": "COORDONNEES", "finalites": [1]}],
    "profilage": {"niveau": "aucun"},
}


def avec(**changements):
    return {**LU, **changements}


def test_chacun_garde_ce_que_lui_seul_a_change():
    fusion = fusionner(LU, avec(service="Ventes"), avec(volumes="environ 300"))
    assert (fusion.donnees["service"], fusion.donnees["volumes"]) == ("Ventes", "environ 300")
    assert fusion.disputes == {}


def test_le_meme_champ_change_des_deux_cotes_garde_le_texte_tape_et_montre_l_autre():
    fusion = fusionner(LU, avec(service="Ventes"), avec(service="Boutique"))
    assert fusion.donnees["service"] == "Boutique"
    assert fusion.disputes == {"service": "Ventes"}


def test_la_meme_reponse_des_deux_cotes_n_est_pas_un_heurt():
    assert fusionner(LU, avec(service="Ventes"), avec(service="Ventes")).disputes == {}


def test_un_volet_se_fusionne_champ_par_champ():
    fusion = fusionner(
        LU, avec(profilage={"niveau": "score"}), avec(profilage={"niveau": "aucun", "logique": "Panier"})
    )
    assert fusion.donnees["profilage"] == {"niveau": "score", "logique": "Panier"}


def test_deux_ajouts_sous_le_meme_numero_sont_deux_elements_et_mes_renvois_suivent():
    sien = avec(finalites=[*LU["finalites"], {"numero": 3, "libelle": "Appeler"}])
    mien = avec(
        finalites=[*LU["finalites"], {"numero": 3, "libelle": "Écrire"}],
        donnees=[{"numero": 1, "categorie": "COORDONNEES", "finalites": [1, 3]}],
    )
    fusion = fusionner(LU, sien, mien)
    assert [(f["numero"], f["libelle"]) for f in fusion.donnees["finalites"]][2:] == [
        (3, "Appeler"),
        (4, "Écrire"),
    ]
    assert fusion.donnees["donnees"][0]["finalites"] == [1, 4]


def test_ce_que_l_autre_a_retire_disparait_si_je_n_y_avais_pas_touche():
    fusion = fusionner(LU, avec(finalites=LU["finalites"][:1]), LU)
    assert [f["numero"] for f in fusion.donnees["finalites"]] == [1]


def test_ce_que_l_autre_a_retire_et_que_j_ai_change_reste_a_trancher():
    mien = avec(finalites=[LU["finalites"][0], {"numero": 2, "libelle": "Mesurer l'audience"}])
    fusion = fusionner(LU, avec(finalites=LU["finalites"][:1]), mien)
    assert [f["numero"] for f in fusion.donnees["finalites"]] == [1, 2]
    assert fusion.disputes == {"finalites[2]": None}


def test_ce_que_j_ai_retire_et_que_l_autre_a_change_revient_a_trancher():
    sien = avec(finalites=[LU["finalites"][0], {"numero": 2, "libelle": "Mesurer l'audience"}])
    fusion = fusionner(LU, sien, avec(finalites=LU["finalites"][:1]))
    assert fusion.donnees["finalites"][1]["libelle"] == "Mesurer l'audience"
    assert "finalites[2]" in fusion.disputes
