"""Une seule typographie, un seul style de date, des titres distincts, aucun code : lu sur chaque page servie."""

import re
from datetime import date, datetime
from html.parser import HTMLParser
from io import BytesIO, StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.template import Context, Template
from django.urls import reverse
from pypdf import PdfReader
from test_acces import adresse, objet_de

from boutique import connecte, creer_fiche, creer_organisme, creer_tiers, habiliter
from documents.typographie import composer, composer_page
from organismes.choix import Role
from pages import champs
from registre.fiche.enregistrement import Refus
from registre.portes.requetes.routes import routes
from registre.portes.templatetags.typographie import jour, moment, nombre

pytestmark = pytest.mark.lent

INSECABLE, FINE = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"
MUETS = {"script", "style", "textarea", "code", "template"}
FAUTES = {
    "apostrophe droite": re.compile(r"(?<!\d)'|'(?!\d)"),
    "deux tirets": re.compile(r"--"),
    "ponctuation haute sans fine": re.compile(rf"(?<!{FINE})(?<![;!?])[;!?](?=\s|$)"),
    "deux-points sans insécable": re.compile(rf"(?<!{INSECABLE}):(?=\s|$)"),
    "guillemet sans insécable": re.compile(rf"«(?!{INSECABLE})|(?<!{INSECABLE})»"),
    "autre style de date": re.compile(r"\b\d{1,2}/\d{1,2}/\d{4}\b|\b\d{4}-\d\d-\d\d\b|\b1 (?:janvier|février|mars|avril|mai|juin)"),
    "chemin ou code": re.compile(r"\w\[\d+\]|\b[a-zé]+_[a-zé_]+\b|\b[A-Z0-9]+_[A-Z0-9_]+\b"),
}  # fmt: skip
ROUTES = [r for r in routes() if "^" not in r.chemin and "api" not in r.nom and "GET" in r.methodes()]


class Lecteur(HTMLParser):
    """Les textes d'une page, sans ceux que la personne a tapés dans un champ ; et son titre."""

    def __init__(self):
        super().__init__()
        self.pile, self.textes, self.titre = [], [], ""

    def handle_starttag(self, balise, attributs):
        if balise in MUETS or balise == "title":
            self.pile.append(balise)

    def handle_endtag(self, balise):
        if self.pile and self.pile[-1] == balise:
            self.pile.pop()

    def handle_data(self, donnees):
        if self.pile and self.pile[-1] == "title":
            self.titre += donnees
        if not MUETS & set(self.pile) and donnees.strip():
            self.textes.append(donnees.strip("\n"))


def lire(html: str) -> Lecteur:
    lecteur = Lecteur()
    lecteur.feed(html)
    return lecteur


def fautes(textes: list[str]) -> list[str]:
    return [f"{nom} : {t[:160]!r}" for t in textes for nom, motif in FAUTES.items() if motif.search(t)]


def dites(reponse) -> list[str]:
    return fautes(lire(reponse.content.decode()).textes)


@pytest.fixture
def pages(maison_lavande, dpo, administrateur) -> dict[str, str]:
    """Chaque page que le délégué ou l'administrateur ouvre, par son adresse."""
    creer_fiche(maison_lavande, reference="TR-009", intitule="Seconde fiche", description="l'essai : « vu »")
    fiche = creer_fiche(
        maison_lavande,
        description="C'est l'essai d'une fiche: « vue » ; relue ?",
        remarques="L'autre essai... 12 450 personnes -- au plus !",
        date_creation="2026-01-01",
    )
    tiers = creer_tiers(maison_lavande, "L'Envol")
    ouvertes = {}
    for route in ROUTES:
        url = adresse(route, objet_de(route.nom, maison_lavande, fiche, tiers))
        for client in (dpo, administrateur):
            reponse = client.get(url)
            if reponse.status_code == 200 and reponse["Content-Type"].startswith("text/html"):
                ouvertes.setdefault(url, reponse.content.decode())
    return ouvertes


@pytest.mark.django_db
def test_chaque_page_est_composee_et_ne_montre_ni_code_ni_chemin(pages):
    assert len(pages) > 40
    assert [f"{url} {f}" for url, html in pages.items() for f in fautes(lire(html).textes)] == []


@pytest.mark.django_db
def test_chaque_page_a_un_titre_a_elle(pages):
    titres: dict[str, list[str]] = {}
    for url, html in pages.items():
        titres.setdefault(lire(html).titre, []).append(url)
    assert {t: u for t, u in titres.items() if len(u) > 1 or not t.split(" · ")[0].strip()} == {}


@pytest.mark.django_db
def test_ce_qui_est_tape_reste_tel_quel_dans_les_champs_les_donnees_et_le_json(maison_lavande, dpo):
    tape = "C'est l'essai: « vu » -- 2 juin 2026 ?"
    fiche = creer_fiche(maison_lavande, description=tape, service="L'atelier ; ici")
    saisie = dpo.get(reverse("admin:traitements_traitement_change", args=[fiche.pk])).content.decode()
    echappe = tape.replace("'", "&#x27;")
    assert re.search(r"<textarea[^>]*>\s*" + re.escape(echappe) + "</textarea>", saisie)
    assert 'value="L&#x27;atelier ; ici"' in saisie
    assert tape in dpo.get(reverse("registre_json")).content.decode()
    lue = dpo.get(reverse("fiche", args=[fiche.pk])).content.decode()
    assert f"C’est l’essai{INSECABLE}: «{INSECABLE}vu{INSECABLE}» – 2{INSECABLE}juin 2026{FINE}?" in lue


@pytest.mark.django_db
def test_une_saisie_refusee_nomme_le_champ_et_rend_le_texte_tape(maison_lavande, dpo):
    adresse_neuve = reverse("admin:traitements_traitement_add") + "?qualite=responsable"
    tape = {
        "reference": "",
        "intitule": "L'essai : « vu »",
        "finalites-1-numero": "1",
        "finalites-1-type": "prospection",
    }
    reponse = dpo.post(adresse_neuve, champs(dpo.get(adresse_neuve).content.decode()) | tape)
    assert reponse.status_code == 422
    page = reponse.content.decode()
    assert 'value="L&#x27;essai : « vu »"' in page
    assert "Finalité 1" in page
    assert dites(reponse) == []


def test_une_commande_refusee_nomme_le_champ_et_non_son_chemin(db):
    with pytest.raises(CommandError) as refus:
        call_command("creer_organisme", nom="Maison", siren="123")
    assert "SIREN" in str(refus.value)
    assert not FAUTES["chemin ou code"].search(str(refus.value))
    erreurs = {"finalites[1].balance_faite": ["Répondez."], "duree_valeur": ["Non."]}
    assert str(Refus(erreurs)).startswith("Finalité 1, ")
    assert "balance_faite" not in str(Refus(erreurs))


@pytest.mark.django_db
def test_les_courriels_sont_composes_et_leurs_liens_intacts(maison_lavande, dpo, client, settings):
    client.post(reverse("account_reset_password"), {"email": "claire@lavande.example"})
    lien = re.search(r"http\S+", mail.outbox[-1].body)[0]
    assert client.get(lien).status_code in (200, 302)
    creer_tiers(
        maison_lavande, "L'Envol", contrat_art28=True, contrat_date="2020-01-01", contrat_fin="2021-01-01"
    )
    settings.ORIGINE = "http://127.0.0.1:8000"
    call_command("rappels", au=date(2026, 6, 2), stdout=StringIO())
    assert len(mail.outbox) > 1
    for message in mail.outbox:
        assert fautes([message.subject, *message.body.split("\n")]) == []


@pytest.mark.django_db
def test_le_pdf_est_compose_jusque_dans_ses_marges_et_ses_signets(dpo):
    maison = creer_organisme("L'Atelier d'Hiver")
    personne = habiliter(maison, Role.DPO, "c@atelier.example", "Claire")
    creer_fiche(maison, intitule="C'est l'essai: « vu » ?", description="12 450 clients -- l'an")
    pdf = PdfReader(BytesIO(connecte(personne).get(reverse("registre_pdf")).content))
    texte = "\n".join(page.extract_text() for page in pdf.pages)
    assert "L’Atelier d’Hiver · état au" in texte
    assert "'" not in texte + pdf.metadata.title
    assert "C’est l’essai" in str(pdf.outline)
    assert "--" not in texte
    assert not FAUTES["autre style de date"].search(texte)
    assert f"12{FINE}450 clients – l’an" in texte


@pytest.mark.parametrize(
    ("ecrit", "lu"),
    [
        ("l'article 6", "l’article 6"),
        ("l&#x27;article 6", "l’article 6"),
        ("un 'mot' cité", "un ‘mot’ cité"),
        ("5'10", "5'10"),
        ("« divers »", f"«{INSECABLE}divers{INSECABLE}»"),
        ("«divers»", f"«{INSECABLE}divers{INSECABLE}»"),
        ("RGPD art. 6 ; LIL art. 4", f"RGPD art.{INSECABLE}6{FINE}; LIL art.{INSECABLE}4"),
        ("un motif : précis", f"un motif{INSECABLE}: précis"),
        ("un motif: précis", f"un motif{INSECABLE}: précis"),
        ("Quoi?", f"Quoi{FINE}?"),
        ("10:30", "10:30"),
        ("https://exemple.fr/?a=l'b", "https://exemple.fr/?a=l'b"),
        ("o'neil@exemple.fr", "o'neil@exemple.fr"),
        ("A &amp; B", "A &amp; B"),
        ("12 450 lignes", f"12{FINE}450 lignes"),
        ("en 2026 100 lignes", "en 2026 100 lignes"),
        ("le 2 juin 2026", f"le 2{INSECABLE}juin 2026"),
        ("5 %", f"5{INSECABLE}%"),
        ("ici -- là...", "ici – là…"),
    ],
)
def test_une_phrase_tapee_au_clavier_se_lit_comme_elle_s_imprime(ecrit, lu):
    assert composer(ecrit) == lu
    assert composer(lu) == lu


def test_l_infobulle_et_le_nom_accessible_se_composent_sans_sortir_de_leurs_guillemets():
    tape = '<button aria-label="Jeter : « l&#x27;essai &quot;A&quot; &amp; &lt;b&gt; »" title="Aide ?">ok</button>'
    assert composer_page(tape) == (
        f'<button aria-label="Jeter{INSECABLE}: «{INSECABLE}l’essai &quot;A&quot; &amp; &lt;b&gt;{INSECABLE}»" '
        f'title="Aide{FINE}?">'
        "ok</button>"
    )


@pytest.mark.parametrize(
    ("n", "lu"),
    [(0, "fiche"), (1, "fiche"), (2, "fiches"), ([], "fiche"), (["a"], "fiche"), (["a", "b"], "fiches")],
)
def test_zero_et_un_prennent_le_singulier(n, lu):
    assert Template("fiche{{ n|pluralize }}").render(Context({"n": n})) == lu
    verbe = Template("répond{{ n|pluralize:',ent' }}").render(Context({"n": n}))
    assert verbe == ("répondent" if lu == "fiches" else "répond")


def test_ni_attribut_ni_champ_ni_script_ni_code_ne_sont_touches():
    garde = (
        "<textarea>l'a : b</textarea><script>l'a : b</script><code>l'a : b</code><input value=\"l'a : b\">"
    )
    assert composer_page(garde) == garde
    assert composer_page(f'{garde}<p title="l\'a" lang="l\'b">l\'a <b>b</b> : c</p>') == (
        f'{garde}<p title="l’a" lang="l\'b">l’a <b>b</b>{INSECABLE}: c</p>'
    )


def test_un_jour_un_moment_un_nombre_se_lisent_en_francais():
    assert jour(date(2027, 1, 1)) == f"1er{INSECABLE}janvier 2027"
    assert jour(None) == ""
    instant = datetime(2026, 11, 3, 14, 5, tzinfo=ZoneInfo("Europe/Paris"))
    assert moment(instant) == f"3{INSECABLE}novembre 2026 à 14{INSECABLE}h{INSECABLE}05"
    assert [nombre(n) for n in (999, 12450)] == ["999", f"12{FINE}450"]


def test_un_mot_sans_fin_se_compose_comme_un_autre():
    """Deux cent mille lettres sans espace : le motif des courriels ne les relit pas de chacune d'elles."""
    mot = "a" * 200_000
    assert composer(f"{mot} &amp; {mot} @ l'an") == f"{mot} &amp; {mot} @ l’an"


def test_une_espace_insecable_ecrite_en_entite_n_en_recoit_pas_une_seconde():
    assert composer("«&nbsp;oui&nbsp;»") == f"«{INSECABLE}oui{INSECABLE}»"
    assert composer("d'où l'adresse jean.d'arc+1@exemple.fr") == "d’où l’adresse jean.d'arc+1@exemple.fr"


def test_un_signe_qui_retourne_le_sens_de_lecture_se_voit_a_la_lecture_et_reste_dans_le_champ():
    page = '<p>Transferts \u202enoN</p><input value="\u202enoN"><textarea>\u202enoN</textarea>'
    lue = composer_page(page)
    assert "<p>Transferts [U+202E]noN</p>" in lue
    assert 'value="\u202enoN"' in lue and "<textarea>\u202enoN</textarea>" in lue
