"""Les volets d'une fiche : profilage, cession, avis, information et droits, analyse d'impact."""

from django.db import models

from organismes.champs import ChampCodes, ChampLignes, ligne, oui_non, texte
from traitements.choix import (
    DecisionAipd,
    ExceptionArt14,
    ExceptionArt22,
    Mention,
    NiveauProfilage,
    OperationCession,
)
from traitements.elements import VoletDeFiche


class Profilage(VoletDeFiche):
    niveau = models.CharField(
        "niveau",
        max_length=30,
        choices=NiveauProfilage.choices,
        blank=True,
        help_text="Répondez même par « aucun » : l'absence de réponse n'est pas un non (art. 4(4), 22).",
    )
    logique = texte(
        "logique du profilage", "À dire aux personnes quand il décide (art. 13(2)(f), 14(2)(g)).", 3000
    )
    consequences = texte(
        "importance et conséquences prévues",
        "Pour la personne, quand le profilage décide : à lui dire (art. 13(2)(f), 14(2)(g)).",
        2000,
    )
    sensible = oui_non(
        "révèle ou utilise des données sensibles",
        "Une donnée déduite compte : achats, rayons, segments révélateurs (CJUE C-184/20).",
    )
    decision_auto = oui_non(
        "décision exclusivement automatisée", "Avec un effet juridique ou similaire (art. 22(1))."
    )
    exception_art22 = models.CharField(
        "cas qui la permet", max_length=30, choices=ExceptionArt22.choices, blank=True
    )
    intervention_humaine = oui_non("intervention humaine possible", "Exigée par l'article 22(3).")
    traceurs = oui_non("fondé sur des traceurs", "Consentement préalable, sauf exemption (LIL art. 82).")
    sources_tierces = oui_non(
        "données de sources externes", "Type de traitement soumis à AIPD (liste de la CNIL)."
    )
    recommandation = oui_non(
        "recommandation par rapprochement d'achats",
        "« Les personnes qui ont acheté ont aussi acheté » : un profilage interne, distinct de l'audience similaire.",
    )
    plateforme_tierce = oui_non(
        "audience similaire sur une plateforme",
        "Le « lookalike » : une liste de clients est remise à une plateforme, qui cherche des profils proches. "
        "Communication à un tiers, responsabilité conjointe possible (art. 26).",
    )
    opposition_possible = oui_non(
        "opposition possible", "Sans motif quand le profilage sert la prospection (art. 21(2))."
    )

    class Meta:
        verbose_name = "profilage"
        verbose_name_plural = "profilages"


class Cession(VoletDeFiche):
    active = oui_non(
        "données vendues, louées ou échangées",
        "Répondez même par non : l'absence de réponse n'est pas un non.",
    )
    operations = ChampCodes("opérations", choix=OperationCession)
    canaux = ChampCodes(
        "canaux des partenaires",
        referentiel="traitements.Canal",
        help_text="Les canaux par lesquels les partenaires prospecteront : le régime en dépend.",
    )
    partenaires = texte("partenaires", "Qui reçoit ou fournit le fichier (art. 13(1)(e), 15(1)(c)).", 3000)
    partenaires_tenus = oui_non("liste des partenaires tenue à jour", "Et accessible aux personnes.")
    information_opposition = oui_non(
        "information et opposition avant transmission", "CNIL, fiche du 28 décembre 2018."
    )
    preuve_source = texte(
        "provenance du consentement", "Comment le consentement d'origine se prouve (art. 7(1)).", 2000
    )
    propagation_opposition = texte(
        "propagation des oppositions", "Comment les partenaires en sont avisés (art. 19).", 2000
    )
    information_art14 = texte("information par le partenaire", "Qui informe, quand (art. 14(3)).", 2000)
    trace = oui_non("transmissions tracées", "Quoi, quand, à qui (art. 15(1)(c), 19 ; CJUE C-154/21).")
    trace_description = texte("trace des transmissions", "", 2000)

    class Meta:
        verbose_name = "cession de données"
        verbose_name_plural = "cessions de données"


class Avis(VoletDeFiche):
    controle_annonce = oui_non(
        "contrôle des avis annoncé", "S'il existe, et comment (C. conso. art. L111-7-2)."
    )
    delai_affiche = ligne(
        "délai maximum de publication et de conservation",
        "À indiquer aux consommateurs (C. conso. art. D111-10, 2° b).",
        300,
    )
    motif_refus = oui_non(
        "motif du refus communiqué", "À l'auteur d'un avis refusé (C. conso. art. L111-7-2, D111-12)."
    )
    signalement = oui_non(
        "signalement ouvert au professionnel", "Gratuit et motivé (C. conso. art. L111-7-2, al. 5)."
    )
    pseudonyme = oui_non("publication sous pseudonyme")
    moderation = texte("modération", "Qui lit, selon quels critères, avec quel recours.", 2000)

    class Meta:
        verbose_name = "avis"
        verbose_name_plural = "avis"


class Information(VoletDeFiche):
    supports = ChampLignes(
        "supports",
        help_text="Où les personnes sont informées, un par ligne (art. 12 à 14) : « formulaire de commande ».",
    )
    mentions = ChampCodes(
        "mentions présentes", choix=Mention, help_text="Celles que l'information contient vraiment."
    )
    exception_art14 = models.CharField(
        "dispense d'informer, pour une collecte indirecte",
        max_length=20,
        choices=ExceptionArt14.choices,
        blank=True,
        help_text="Seulement si une exception de l'article 14(5) est invoquée ; elle s'interprète strictement.",
    )
    exception_art14_motif = texte(
        "raison de cette dispense",
        "Pourquoi elle s'applique, et les mesures prises pour protéger les personnes (art. 14(5)).",
        2000,
    )
    clause_appels = oui_non(
        "clause du contrat sur les appels",
        "Quand un numéro de téléphone est recueilli à la conclusion d'un contrat avec un consommateur, le contrat dit qu'il "
        "est interdit de l'appeler sans son consentement (C. conso. art. L223-2).",
    )
    moment = ligne(
        "moment de l'information", "À la collecte (art. 13) ; dans le mois sinon (art. 14(3)).", 300
    )
    preuve = ligne("preuve ou document", "Version du texte, adresse de la page.", 400)
    droits = ChampCodes(
        "droits annoncés",
        referentiel="traitements.Droit",
        help_text="Ceux que la base légale ouvre (art. 15 à 22).",
    )
    contact_droits = ligne(
        "contact pour exercer ses droits", "Adresse ou formulaire (art. 12, 13(2)(b)).", 300
    )
    modalites = texte("modalités d'exercice", "Délai d'un mois (art. 12(3)) ; qui répond, comment.", 2000)
    opposition_mecanisme = texte(
        "mécanisme d'opposition", "L'opposition à la prospection est absolue (art. 21(2)-(3)).", 2000
    )
    liste_opposition = oui_non(
        "liste d'opposition tenue", "Pour que l'opposition dure (C. pénal art. 226-18-1)."
    )

    class Meta:
        verbose_name = "information et droits"
        verbose_name_plural = "information et droits"


class Aipd(VoletDeFiche):
    criteres = ChampCodes(
        "critères réunis",
        referentiel="traitements.CritereAipd",
        help_text="Deux critères ou plus : une analyse d'impact est en principe requise (WP248 rév. 01).",
    )
    liste_requise = ChampCodes(
        "types soumis à analyse d'impact",
        referentiel="traitements.TypeAipd",
        help_text="Liste de la CNIL, délibération n° 2018-327.",
    )
    liste_dispense = ChampCodes(
        "types dispensés",
        referentiel="traitements.TypeAipd",
        help_text="Délibération n° 2019-118. Les clients et prospects n'y figurent pas.",
    )
    decision = models.CharField(
        "décision", max_length=20, choices=DecisionAipd.choices, blank=True, help_text="RGPD art. 35(1)."
    )
    justification = texte("justification", "L'absence d'analyse se justifie par écrit.", 3000)
    date = models.DateField("date de l'analyse", null=True, blank=True)
    document = ligne("document", "Référence ou adresse de l'analyse.", 500)
    risque_residuel_eleve = oui_non("risque résiduel élevé", "Après les mesures prévues (art. 36(1)).")
    consultation_art36 = ligne(
        "consultation de la CNIL", "Date et référence, si le risque reste élevé (art. 36).", 300
    )

    class Meta:
        verbose_name = "analyse d'impact"
        verbose_name_plural = "analyses d'impact"
