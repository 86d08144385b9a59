import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.management import CommandError
from django.utils import timezone

from droit.regles import REGLES, Constat, repartir
from organismes.models import Organisme
from organismes.portee import dans
from registre.conformite.controle import Conformite
from registre.conformite.droit_nouveau import JourDeDroit, droit_nouveau
from registre.fiche.chemins import chemin_lisible
from registre.fiche.lecture import date_en_mots
from registre.fiche.referentiels import version_en_service
from registre.portes.management.commande import Commande
from registre.portes.management.jour import jour
from registre.portes.management.organisme import trouver_organisme
from traitements.phrases import accorder


class Command(Commande):
    help = "Dit ce qui manque ou contredit la loi, fiche par fiche. Sort en 0 quoi qu'il trouve."

    def add_arguments(self, parser):
        parser.add_argument("--organisme", required=True, help="identifiant, SIREN ou raison sociale exacte")
        parser.add_argument("--au", type=jour, help="AAAA-MM-JJ ; aujourd'hui par défaut")
        parser.add_argument(
            "--depuis", type=jour, help="AAAA-MM-JJ ; ce que le droit entré en vigueur après ce jour change"
        )
        parser.add_argument("--json", action="store_true", help="une liste JSON, écarts justifiés compris")

    def handle(self, *, organisme, au, depuis, **options):
        cible, le = trouver_organisme(organisme), au or timezone.localdate()
        if depuis:
            return self.droit_nouveau(cible, depuis, le, options["json"])
        with dans(cible):
            lignes = sorted(constats(Conformite(cible), le), key=lambda ligne: ligne["fiche"] or "")
        if options["json"]:
            self.stdout.write(json.dumps(lignes, ensure_ascii=False, indent=2))
        else:
            self.dire(lignes, le)

    def droit_nouveau(self, cible: Organisme, depuis: date, au: date, en_json: bool) -> None:
        if au < depuis:
            raise CommandError(f"--depuis {depuis.isoformat()} est après le {au.isoformat()}.")
        with dans(cible):
            jours = droit_nouveau(Conformite(cible), depuis, au)
        if en_json:
            self.stdout.write(json.dumps([en_dictionnaire(j) for j in jours], ensure_ascii=False, indent=2))
            return
        self.stdout.write(
            f"Droit entré en vigueur après le {date_en_mots(depuis)}, jusqu'au {date_en_mots(au)}"
        )
        for jour_de_droit in jours:
            self.dire_jour(jour_de_droit)
        if not jours:
            self.stdout.write("Rien n'a changé dans ce que les règles appliquent.")

    def dire_jour(self, jour_de_droit: JourDeDroit) -> None:
        self.stdout.write(f"le {jour_de_droit.quand} : {jour_de_droit.compte} ({jour_de_droit.textes})")
        for x in en_dictionnaire(jour_de_droit)["fiches"]:
            self.stdout.write(f"  {x['fiche']} {x['intitule']}" if x["fiche"] else "  Organisme")
            for c in x["apportes"]:
                etat = "écarté" if c["ecart"] else c["gravite"]
                self.stdout.write(
                    f"    + {etat:<8}  {c['code']}  {c['champ']} : {c['message']} ({c['source']})"
                )
            for c in x["leves"]:
                self.stdout.write(f"    - levé      {c['code']}  {c['champ']} : {c['titre']} ({c['source']})")

    def dire(self, lignes: list[dict[str, Any]], le: date) -> None:
        sujet = None
        for ligne in lignes:
            if ligne["fiche"] != sujet:
                sujet = ligne["fiche"]
                self.stdout.write(f"{sujet} {ligne['intitule']}" if sujet else "Organisme")
            etat = "écarté" if ligne["ecart"] else ligne["gravite"]
            self.stdout.write(
                f"  {etat:<8}  {ligne['code']}  {ligne['champ']} : {ligne['message']} ({ligne['source']})"
            )
        comptes = {
            g: sum(1 for x in lignes if x["gravite"] == g and not x["ecart"])
            for g in ("bloquant", "alerte", "conseil")
        }
        detail = ", ".join(f"{n} {accorder(n, gravite)}" for gravite, n in comptes.items())
        ecartes = sum(1 for x in lignes if x["ecart"])
        suite = f" ; {ecartes} {accorder(ecartes, 'écart justifié')}" if ecartes else ""
        self.stdout.write(f"Au {le.isoformat()} : {detail}{suite}.")


def en_dictionnaire(jour_de_droit: JourDeDroit) -> dict[str, Any]:
    """Un jour de droit nouveau : ses textes, ses règles, et par fiche ce qu'il apporte et ce qu'il lève (`fiche` vaut `None` : l'organisme)."""
    le = jour_de_droit.nouveau.le
    fiches = []
    for fiche, vue in sorted(jour_de_droit.touches, key=lambda t: t[0]["reference"] if t[0] else ""):
        restent, ecartes = repartir(vue.apportes, (fiche or {}).get("ecarts") or (), le)
        apportes = [ligne(c, fiche) for c in restent]
        apportes += [ligne(e.constat, fiche, dict(e.ecart)) for e in ecartes]
        leves = [{**ligne(c, fiche), "titre": REGLES[c.code].titre} for c in vue.leves]
        qui = {"fiche": fiche and fiche["reference"], "intitule": fiche and fiche["intitule"]}
        fiches.append({**qui, "apportes": apportes, "leves": leves})
    return {
        "le": le.isoformat(),
        "textes": jour_de_droit.textes,
        "regles": jour_de_droit.codes,
        "fiches": fiches,
    }


def constats(conformite: Conformite, le: date) -> Iterator[dict[str, Any]]:
    """Un dictionnaire par constat : d'abord l'organisme (`fiche` vaut `None`), puis chaque fiche, hors archives."""
    for constat in conformite.constats_organisme(le):
        yield ligne(constat)
    for fiche, bilan in conformite.registre(le):
        for constat in bilan.constats:
            yield ligne(constat, fiche)
        for ecarte in bilan.ecartes:
            yield ligne(ecarte.constat, fiche, dict(ecarte.ecart))


def ligne(
    constat: Constat, fiche: dict[str, Any] | None = None, ecart: dict[str, Any] | None = None
) -> dict[str, Any]:
    return {
        "fiche": fiche["reference"] if fiche else None,
        "intitule": fiche["intitule"] if fiche else None,
        "code": constat.code,
        "gravite": constat.gravite,
        "exigence": constat.exigence,
        "chemin": constat.chemin,
        "champ": chemin_lisible(constat.chemin),
        "valeur": constat.valeur,
        "message": constat.message,
        "source": constat.source,
        "marque": constat.marque,
        "ecartable": constat.ecartable,
        "ecart": ecart and {nom: ecart[nom] for nom in ("raison", "pose_le", "fin", "pose_par")},
        "date": constat.le.isoformat(),
        "referentiels": version_en_service(),
    }
