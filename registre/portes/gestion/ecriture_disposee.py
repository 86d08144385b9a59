"""L'écriture d'une ligne qui se lit comme une phrase : l'ensemble choisi, ses mots, les champs courants, puis ce qui se replie."""

from collections.abc import Iterable

from django.utils.safestring import SafeString

from registre.fiche.lecture import est_vide
from registre.portes.gestion.blocs import Bloc, BlocNumerote
from registre.portes.gestion.champs_saisis import ChampPose
from registre.portes.gestion.disposition import DISPOSITIONS, Disposition, se_deplie
from registre.portes.gestion.ecriture import ecrire_aide, ecrire_case, ecrire_fautes, ecrire_grille, sur
from registre.portes.requetes.rendu import echapper
from traitements.phrases import nombre

COURANTS, MOT, SINON = "large courants", "champ mot", "sinon"  # les classes que la feuille de style connaît
AIDE_MUETTE = "aide invisible"  # la phrase la dit déjà à qui la lit


def ecrire_bloc(bloc: Bloc) -> SafeString:
    """Les champs d'un bloc : en une phrase si sa liste en a une, sinon l'un après l'autre."""
    disposition = DISPOSITIONS.get(bloc.modele)
    if disposition is None or not isinstance(bloc, BlocNumerote):
        return ecrire_grille(bloc)
    cases = {champ.name: (champ, si) for champ, si in bloc.lignes()}
    courants = [cases[nom] for nom in disposition.courants if nom in cases]
    replies = [case for nom, case in cases.items() if nom not in disposition.a_la_vue]
    morceaux = (
        _phrase(bloc, disposition),
        f'<div class="{COURANTS}">{"".join(ecrire_case(champ, si) for champ, si in courants)}</div>',
        _repli(disposition.repli, replies, se_deplie(bloc)),
    )
    return sur("".join(morceaux))


def _phrase(bloc: BlocNumerote, disposition: Disposition) -> str:
    mots = "".join(_mot(bloc[nom], avant) for avant, nom in disposition.phrase)
    avant, nom = disposition.sinon
    return (
        f'<div class="large phrase">{_ensemble(bloc, disposition)}<div class="mots">{mots}</div>'
        f'<div class="{SINON}">{_mot(bloc[nom], avant)}</div></div>'
    )


def _mot(champ: ChampPose, avant: str) -> str:
    """Un champ dans la phrase ; son libellé, que la phrase dit autrement, reste pour qui l'écoute."""
    # Sans exemple à montrer, mais non vide : c'est à lui que la feuille de style reconnaît un champ vide.
    attributs: dict[str, str | bool] = {"placeholder": " "} if champ.widget_type in ("number", "text") else {}
    pour, nom = echapper(champ.id_for_label), echapper(champ.label)
    libelle = (
        f'<label for="{pour}">{echapper(avant)}<span class="invisible"> : {nom}</span></label>'
        if avant
        else f'<label class="invisible" for="{pour}">{nom}</label>'
    )
    return (
        f'<div class="{MOT}{" fautif" if champ.errors else ""}" data-mot="{echapper(champ.name)}">'
        f"{libelle}{champ.as_widget(attrs=attributs)}"
        f"{ecrire_fautes(champ, champ.errors)}{ecrire_aide(champ, AIDE_MUETTE)}</div>"
    )


# --- L'ensemble des codes choisis : ceux de la fiche d'abord ------------------------------------------------------------
def _ensemble(bloc: BlocNumerote, disposition: Disposition) -> str:
    champ = bloc[disposition.ensemble]
    choisis, d_abord = {str(c) for c in champ.value() or ()}, bloc.fabrique.d_abord
    reponses = [(str(code), str(libelle)) for code, libelle in getattr(champ.field, "choices", ())]
    premieres = [r for r in reponses if r[0] in d_abord] or reponses
    autres = [r for r in reponses if r not in premieres]
    dit = " ; ".join(libelle for code, libelle in reponses if code in choisis) or disposition.aucun
    a_choisir = bloc.nouveau and not choisis or champ.errors or champ.field.autre
    decrit = f' aria-describedby="{echapper(d)}"' if (d := champ.aria_describedby) else ""
    return (
        f'<fieldset class="champ ensemble{" fautif" if champ.errors else ""}" id="{echapper(champ.auto_id)}"{decrit}>'
        f'<legend class="invisible">{echapper(champ.label)}</legend>'
        f'<details class="choix"{" open" if a_choisir else ""}>'
        f'<summary><b data-dits data-aucun="{echapper(disposition.aucun)}">{echapper(dit)}</b> <span class="geste">Choisir</span></summary>'
        f"{_cases(champ, premieres, choisis)}{_autres(champ, autres, choisis)}"
        f"{ecrire_aide(champ)}</details>{ecrire_fautes(champ, champ.errors)}</fieldset>"
    )


def _autres(champ: ChampPose, reponses: list[tuple[str, str]], choisis: set[str]) -> str:
    if not reponses:
        return ""
    ouvert = " open" if choisis.intersection(code for code, _ in reponses) else ""
    return (
        f'<details class="autres"{ouvert}><summary>Hors des données déclarées dans la fiche ({nombre(len(reponses))})</summary>'
        f"{_cases(champ, reponses, choisis)}</details>"
    )


def _cases(champ: ChampPose, reponses: Iterable[tuple[str, str]], choisis: set[str]) -> str:
    """Une case dans son libellé, sans identifiant : trente-six par ligne, c'est ce qui pèse."""
    nom, invalide = echapper(champ.html_name), ' aria-invalid="true"' if champ.errors else ""
    return (
        '<div class="cases colonnes">'
        + "".join(
            f'<label><input type="checkbox" name="{nom}" value="{echapper(code)}"'
            f"{' checked' if code in choisis else ''}{invalide}> {echapper(libelle)}</label>"
            for code, libelle in reponses
        )
        + "</div>"
    )


# --- Ce qui se replie ----------------------------------------------------------------------------------------------------
def _repli(titre: str, cases: list[tuple[ChampPose, dict[str, str] | None]], ouvert: bool) -> str:
    """Replié, il dit ce qu'il contient : rien ne se cache en silence."""
    if not cases:
        return ""
    remplis = ", ".join(str(champ.label).lower() for champ, _ in cases if not est_vide(champ.value()))
    return (
        f'<details class="large repli"{" open" if ouvert else ""}><summary>{echapper(titre)} <small data-remplis>{echapper(remplis)}</small>'
        f'</summary><div class="grille">{"".join(ecrire_case(champ, si) for champ, si in cases)}</div></details>'
    )
