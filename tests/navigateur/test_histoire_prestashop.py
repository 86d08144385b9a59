"""L'histoire entière, sur une boutique PrestaShop : 213 comptes de trop sur 5 000, comptés, purgés par le SQL donné, vérifiés.

Une page ne se connecte à aucune base : la commande lit, avec le compte de l'environnement ; le reste se fait dans le navigateur.
"""

import hashlib
from contextlib import closing
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

import prestashop
from conservation.models import Operation
from organismes.portee import dans
from pages import Lue
from registre.execution.releves import examen

pytestmark = [pytest.mark.navigateur, pytest.mark.lent]
PLAN = "Comptes sans activité"


def relever(**options) -> Lue:
    sortie = StringIO()
    call_command("relever", stdout=sortie, **options)
    return Lue(sortie.getvalue())


def purger(base, texte: str) -> int:
    """Le texte que la page a écrit, exécuté par un compte qui peut écrire ; le nombre de lignes retirées."""
    sql = "\n".join(ligne for ligne in texte.splitlines() if not ligne.startswith("--"))
    retirees = 0
    with closing(base.serveur.connexion(base.nom)) as connexion, connexion.cursor() as curseur:
        for ordre in filter(None, (o.strip() for o in sql.split(";\n"))):
            touchees = curseur.execute(ordre)
            retirees += touchees if ordre.startswith("DELETE") else 0
    return retirees


def lire(page, adresse: str) -> Lue:
    page.goto(adresse)
    return Lue(page.inner_text("main"))


def test_de_deux_cent_treize_comptes_de_trop_a_la_duree_constatee(ouvrir, boutique, base_mariadb):
    fiche, source = boutique.fiche, {"source": base_mariadb.adresse}
    with dans(boutique):
        prestashop.remplir(base_mariadb, examen(fiche, 1, timezone.localdate()).limite)
    # La commande : un premier regard, puis le relevé et son plan.
    assert "colonne : date_upd" in relever(
        apercu=True, table="ps_customer", colonne_date="date_upd", **source
    )
    duree = {"organisme": str(boutique.pk), "duree": ["TR-001#1"]}
    sortie = relever(preset="prestashop/comptes-inactifs", garder_plan=PLAN, **duree, **source)
    assert "examinées : 5000" in sortie and "en retard : 213" in sortie
    # Le navigateur : ce qu'en disent le plan et la fiche, puis le SQL de la purge.
    page = ouvrir("claire@lavande.example")
    page.goto("/conservation/plans/")
    page.click(f"text={PLAN}")
    plan = page.url
    assert "213" in Lue(page.inner_text("main")) and "Relever" not in page.inner_text(".tete .actions")
    assert "Non, constatée : 213 lignes au-delà du terme" in lire(page, reverse("fiche", args=[fiche.pk]))
    page.goto(reverse("sql_de_purge", args=[fiche.pk]))
    page.select_option("#id_base", "mysql")
    page.fill("#id_table", "ps_customer")
    page.fill("#id_colonne", "date_upd")
    page.fill("#id_filtres", "is_guest=0")
    page.click("button.premier")
    texte = page.input_value("#texte-sql")
    assert purger(base_mariadb, texte) == 213
    # La purge se consigne avec son volume et l'empreinte de ce texte, se relit, se signe.
    page.click("text=Consigner la purge faite avec ce texte")
    for champ, valeur in (
        ("volume_avant", "5000"),
        ("volume_apres", "4787"),
        ("methode", "SQL de la page, sous phpMyAdmin"),
    ):
        page.fill(f"#id_{champ}", valeur)
    page.fill("#id_perimetre", "Table ps_customer")
    page.fill("#id_preuve_absente", "L'hébergeur n'écrit pas de journal.")
    page.click("form.formulaire button.premier")
    page.click("button[name=etape][value=signer]")
    page.wait_for_selector(".message.success")
    assert "Purgée, à vérifier par un relevé : purge du" in Lue(page.inner_text("main"))
    # Le relevé de vérification, refait d'un mot ; la fiche, l'échéancier et le plan le disent.
    assert "en retard : 0" in relever(plan=PLAN)
    assert "Oui, constatée : relevé du" in lire(page, reverse("fiche", args=[fiche.pk]))
    assert "constatée" in lire(page, reverse("conservation"))
    vu = lire(page, plan)
    assert "de 5 000 à 4 787 selon son procès-verbal" in vu and "4 787" in vu
    assert page.locator(".tendance path.purge").count() >= 2
    with dans(boutique):  # l'empreinte signée est celle du texte qui a été exécuté
        signee = Operation.objects.get(type="purge").sql_sha256
    assert signee == hashlib.sha256(texte.encode()).hexdigest()
    assert page.fautes == []
