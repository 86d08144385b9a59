"""Les deux formulaires d'un relevé : le fichier et sa durée, puis la colonne, le format et les filtres, choisis dans des listes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone

from conservation.apercu import ColonneVue, FormatVu, part
from conservation.comptage import EN_1970
from isolement.limites import OCTETS_RECUS, en_megaoctets
from organismes.jours import controler_jour
from registre.execution.fichiers_peses import FeuillePesee, FichierPese, LecturePossible
from registre.execution.sources.demande import Filtre
from registre.portes.requetes.formulaires import champ
from registre.portes.requetes.televersement import SansFichierPerdu
from traitements.phrases import accorder, compte, date_en_mots, nombre

TROP_LOURD = f"Ce fichier dépasse {en_megaoctets(OCTETS_RECUS)} : rien n'en a été lu. Utilisez la commande « relever », sans limite."
FILTRES = 3
SIGNES = (("=", "est"), ("!=", "n'est pas"), ("vide", "est vide"))
RENVOYER = "Pour appliquer un filtre, choisissez de nouveau le fichier : il n'a pas été gardé."
ACCEPTES = ".csv,.txt,.tsv,.xlsx,.ods,text/csv"


class FormulaireFichier(SansFichierPerdu, forms.Form):
    """Des durées de la fiche, un fichier, le jour de son extraction."""

    regle = forms.TypedMultipleChoiceField(
        label="Durées",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text="Plusieurs si la même colonne est le départ de chacune : une seule lecture les compte toutes, un relevé par date "
        "limite.",
        error_messages={"required": "Cochez au moins une durée."},
    )
    fichier = forms.FileField(
        label="Fichier",
        help_text=f"CSV, XLSX ou ODS, avec les noms de colonnes en tête ; {en_megaoctets(OCTETS_RECUS)} au plus. Il est lu, "
        f"compté, puis effacé, et son empreinte gardée ; la page suivante fait choisir la colonne.",
        widget=forms.FileInput(attrs={"accept": ACCEPTES}),
    )
    au = forms.DateField(
        label="Jour de l'extraction",
        validators=[controler_jour],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text="La date limite se calcule à ce jour.",
    )

    trop_lourd = TROP_LOURD

    def __init__(self, *args, regles: list[tuple[int, str]], **options):
        super().__init__(*args, **options)
        self.regles = regles
        champ(self, "regle", forms.TypedMultipleChoiceField).choices = [
            (str(numero), phrase) for numero, phrase in regles
        ]

    def clean_au(self):
        au = self.cleaned_data["au"]
        if au > timezone.localdate():
            raise forms.ValidationError("Un relevé se consigne une fois fait : cette date est à venir.")
        return au


@dataclass(frozen=True)
class Vue:
    """Une colonne de dates, telle que la page la montre : ses lectures à cocher, ce qui y manque ou surprend."""

    colonne: ColonneVue
    options: tuple[tuple[forms.boundfield.BoundWidget, str], ...]

    @property
    def remplies(self) -> str:
        """« 4 812 remplies, 31 vides, 2 dates nulles »."""
        c = self.colonne
        dits = [
            f"{nombre(c.remplies)} {accorder(c.remplies, 'remplie')}",
            f"{nombre(c.vides)} {accorder(c.vides, 'vide')}" if c.vides else "",
            compte(c.nulles, "date nulle") if c.nulles else "",
        ]
        return ", ".join(d for d in dits if d)

    @property
    def illisibles(self) -> str:
        """« 12 illisibles, de la forme « 99/99 » (10), « aaa » (2) » : les valeurs qu'aucun format ne lit, sans en citer."""
        if not self.colonne.illisibles:
            return ""
        return f"{nombre(self.colonne.illisibles)} {accorder(self.colonne.illisibles, 'illisible')}, de la forme {self._formes}"

    @property
    def _formes(self) -> str:
        return ", ".join(
            f"« {f} » ({nombre(n)})" if f != "…" else f"autres ({nombre(n)})" for f, n in self.colonne.formes
        )


@dataclass(frozen=True)
class FeuilleVue:
    """`autres` : les colonnes où aucune date n'a été reconnue."""

    feuille: FeuillePesee
    vues: tuple[Vue, ...]
    autres: tuple[str, ...]

    @property
    def lignes(self) -> str:
        titre = self.feuille.titre
        suite = (
            f", sous {compte(titre, 'ligne')} de titre qui ne se {'comptent' if titre > 1 else 'compte'} pas"
        )
        return compte(self.feuille.lignes, "ligne") + (suite if titre else "")


class FormulaireColonne(SansFichierPerdu, forms.Form):
    """`pese`, signé, est tout ce qui reste du fichier. Un filtre, lui, demande de le relire."""

    pese = forms.CharField(widget=forms.HiddenInput)
    choix = forms.ChoiceField(
        label="Colonne de la date, et son format",
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez la colonne d'où court la durée, et le format de ses dates."},
    )
    fichier = forms.FileField(
        label="Le même fichier, pour le filtrer",
        required=False,
        help_text="Seulement pour filtrer : le fichier n'a pas été gardé.",
        widget=forms.FileInput(attrs={"accept": ACCEPTES}),
    )

    plan = forms.CharField(
        label="Garder ce plan sous le nom",
        required=False,
        max_length=120,
        help_text="Le même fichier, la même colonne, les mêmes filtres et les mêmes durées se relèveront ensuite d'un geste, et la "
        "suite des relevés se lira d'un coup d'œil.",
    )

    trop_lourd = TROP_LOURD

    def __init__(self, *args, pese: FichierPese, **options):
        super().__init__(*args, **options)
        self.lu, self.possibles = pese, {c.cle: c for c in pese.choix()}
        choix = champ(self, "choix", forms.ChoiceField)
        choix.choices = [(c.cle, str(c.lecture)) for c in self.possibles.values()]
        for rang in range(FILTRES):
            self.fields[f"filtre_{rang}"] = forms.ChoiceField(
                label=f"Filtre {rang + 1} : colonne",
                required=False,
                choices=[("", "aucun"), *((n, n) for n in pese.colonnes)],
            )
            self.fields[f"signe_{rang}"] = forms.ChoiceField(
                label=f"Filtre {rang + 1} : condition", required=False, choices=SIGNES
            )
            self.fields[f"valeur_{rang}"] = forms.CharField(
                label=f"Filtre {rang + 1} : valeur", required=False, max_length=200
            )

    @property
    def filtres(self) -> Iterator[tuple[forms.BoundField, ...]]:
        for rang in range(FILTRES):
            yield tuple(self[f"{nom}_{rang}"] for nom in ("filtre", "signe", "valeur"))

    @property
    def filtres_ouverts(self) -> bool:
        return any(c.value() or c.errors for c, _, _ in self.filtres) or bool(self["fichier"].errors)

    @property
    def feuilles(self) -> list[FeuilleVue]:
        cases = dict(zip(self.possibles, self["choix"].subwidgets, strict=True))
        return [self._feuille(f, cases) for f in self.lu.feuilles]

    def _feuille(self, feuille: FeuillePesee, cases: dict[str, forms.boundfield.BoundWidget]) -> FeuilleVue:
        vues: dict[int, Vue] = {}
        for choix in self.possibles.values():
            if choix.feuille is feuille:
                deja = vues[id(choix.colonne)].options if id(choix.colonne) in vues else ()
                vues[id(choix.colonne)] = Vue(choix.colonne, (*deja, (cases[choix.cle], etendue(choix))))
        autres = [c.nom or "(sans nom)" for c in feuille.colonnes if id(c) not in vues]
        return FeuilleVue(feuille, tuple(vues.values()), tuple(autres))

    def clean_choix(self) -> LecturePossible:
        return self.possibles[self.cleaned_data["choix"]]

    def clean(self) -> dict[str, Any]:
        lues = super().clean() or {}
        lues["filtres"] = tuple(filter(None, (self._filtre(lues, rang) for rang in range(FILTRES))))
        if lues["filtres"] and not lues.get("fichier") and "fichier" not in self.errors:
            self.add_error("fichier", RENVOYER)
        return lues

    def _filtre(self, lues: dict[str, Any], rang: int) -> Filtre | None:
        colonne, signe, valeur = (lues.get(f"{n}_{rang}", "") for n in ("filtre", "signe", "valeur"))
        if not colonne:
            if valeur:
                self.add_error(f"filtre_{rang}", "Choisissez la colonne de ce filtre, ou ôtez sa valeur.")
            return None
        if signe != "vide" and not valeur:
            self.add_error(f"valeur_{rang}", "Donnez la valeur, ou choisissez « est vide ».")
            return None
        return Filtre(colonne, signe, "" if signe == "vide" else valeur)


def etendue(choix: LecturePossible) -> str:
    """« 98,4 % des valeurs, du 3 avril 2020 au 6 juin 2030, dont 3 au 1er janvier 1970 »."""
    vus = [f for f in choix.colonne.formats if f.format in choix.lecture.formats]
    debut, fin = min(f.plus_ancienne for f in vus), max(f.plus_recente for f in vus)
    lues = sum(f.lus for f in vus)
    dits = [
        f"{part(lues, choix.colonne.remplies)} des valeurs",
        f"du {date_en_mots(debut)} au {date_en_mots(fin)}" if debut != fin else f"le {date_en_mots(debut)}",
        _surprises(vus),
    ]
    return ", ".join(d for d in dits if d)


def _surprises(vus: list[FormatVu]) -> str:
    en_1970, futures = sum(f.en_1970 for f in vus), sum(f.futures for f in vus)
    dits = [
        f"{nombre(en_1970)} au {date_en_mots(EN_1970)}" if en_1970 else "",
        f"{nombre(futures)} à venir" if futures else "",
    ]
    return "dont " + " et ".join(d for d in dits if d) if any(dits) else ""
