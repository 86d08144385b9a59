"""L'écriture d'un champ de saisie : son libellé, son contrôle, ce qu'un autre y a mis, ses erreurs, son aide.

En Python plutôt qu'en gabarit : une fiche montre près de trois cents champs et trois mille réponses, et le moteur de gabarits,
appelé réponse par réponse, faisait attendre la page une demi-seconde.
"""

from django.utils.safestring import SafeString, mark_safe

from registre.portes.gestion.blocs import Bloc
from registre.portes.gestion.champs_saisis import ChampPose
from registre.portes.requetes.rendu import echapper
from traitements.phrases import nombre


def ecrire_grille(bloc: Bloc) -> SafeString:
    """Les champs d'un bloc, chacun avec la condition qui le montre."""
    return sur("".join(ecrire_case(champ, si) for champ, si in bloc.lignes()))


def ecrire_champ(champ: ChampPose) -> SafeString:
    """Un champ seul."""
    return sur(_groupe(champ) if champ.use_fieldset else _simple(champ))


def sur(html: str) -> SafeString:
    return mark_safe(html)  # noqa: S308 - ce qui vient d'une personne ou d'une liste est échappé plus bas


def ecrire_case(champ: ChampPose, si: dict[str, str] | None) -> str:
    classe = "large" if champ.field.large else ""
    quand = f' data-si="{echapper(si["champs"])}" data-valeurs="{echapper(si["valeurs"])}"' if si else ""
    return f'<div class="{classe}"{quand}>{ecrire_champ(champ)}</div>'


def _simple(champ: ChampPose) -> str:
    obligatoire = ' <span class="facultatif">à remplir</span>' if champ.field.obligatoire else ""
    erreurs = champ.errors
    return (
        f'<div class="champ{" fautif" if erreurs else ""}">\n'
        f'  <label for="{echapper(champ.id_for_label)}">{echapper(champ.label)}{obligatoire}</label>\n'
        f"  {champ}\n"
        f"  {_notes(champ, erreurs)}\n"
        "</div>\n"
    )


def _groupe(champ: ChampPose) -> str:
    """Des cases ou des boutons : un `fieldset`, replié quand les réponses sont nombreuses et qu'aucune n'est cochée."""
    erreurs = champ.errors
    decrit = f' aria-describedby="{echapper(d)}"' if (d := champ.aria_describedby) else ""
    colonnes = " colonnes" if champ.widget_type == "checkboxselectmultiple" else ""
    cases = f'<div class="cases{colonnes}">{_reponses(champ, bool(erreurs))}</div>'
    return (
        f'<fieldset class="champ{" fautif" if erreurs else ""}" id="{echapper(champ.auto_id)}"{decrit}>\n'
        f"  <legend>{echapper(champ.label)}</legend>\n"
        f"  {_replie(champ, cases) if champ.field.repliees else cases}\n"
        f"  {_notes(champ, erreurs)}\n"
        "</fieldset>\n"
    )


def _replie(champ: ChampPose, cases: str) -> str:
    ouvert = " open" if champ.value() or champ.errors or champ.field.autre else ""
    combien = nombre(champ.field.repliees)
    return f"<details{ouvert}><summary>Choisir parmi {combien} réponses</summary>{cases}</details>"


def _reponses(champ: ChampPose, fautif: bool) -> str:
    invalide = ' aria-invalid="true"' if fautif else ""
    return "".join(_reponse(option.data, invalide) for option in champ)


def _reponse(option: dict, invalide: str) -> str:
    pour, coche = echapper(option["attrs"].get("id", "")), " checked" if option["selected"] else ""
    return (
        f'<label for="{pour}"><input type="{option["type"]}" name="{echapper(option["name"])}"'
        f' value="{echapper(option["value"])}" id="{pour}"{coche}{invalide}> {echapper(option["label"])}</label>'
    )


def _notes(champ: ChampPose, erreurs) -> str:
    return f"{ecrire_fautes(champ, erreurs)}{ecrire_aide(champ)}\n"


def ecrire_fautes(champ: ChampPose, erreurs) -> str:
    """Ce que quelqu'un d'autre a enregistré entre-temps, puis les erreurs (comme `cadre/champ_notes.html`)."""
    autre = champ.field.autre
    dit = f'<p class="autre">Enregistré entre-temps : {echapper(autre)}</p>' if autre else ""
    fautes = "".join(f'<p class="erreur">{echapper(e)}</p>' for e in erreurs)
    return dit + (f'<div id="{echapper(champ.auto_id)}_error">{fautes}</div>' if fautes else "")


def ecrire_aide(champ: ChampPose, classe: str = "aide") -> str:
    """L'aide du champ, que son contrôle cite (`aria-describedby`)."""
    aide = champ.help_text
    return (
        f'<div class="{classe}" id="{echapper(champ.auto_id)}_helptext">{echapper(aide)}</div>'
        if aide
        else ""
    )
