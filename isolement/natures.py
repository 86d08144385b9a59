"""Ce qu'est un fichier qui n'est pas un classeur lisible, et ce qu'il faut en faire : reconnu à ses premiers octets."""

LUS = "L'import lit les classeurs ODS et XLSX, et l'export JSON de Registre."
RECOPIER = "Recopiez le registre dans un tableur, enregistrez-le en ODS ou en XLSX, puis recommencez."
REENREGISTRER = "Ouvrez-le dans un tableur, enregistrez-le en ODS ou en XLSX, puis recommencez."
ACCENTS = "Ouvrez-le dans un tableur (vérifiez que les accents s'affichent), enregistrez-le en ODS ou en XLSX, puis recommencez."
SIGNATURES = (
    (b"%PDF", "un PDF", RECOPIER),
    (b"{\\rtf", "un document RTF", RECOPIER),
    (b"\x89PNG", "une image (PNG)", RECOPIER),
    (b"\xff\xd8\xff", "une image (JPEG)", RECOPIER),
    (b"GIF8", "une image (GIF)", RECOPIER),
    (b"BM", "une image (BMP)", RECOPIER),
    (b"II*\x00", "une image (TIFF)", RECOPIER),
    (b"MM\x00*", "une image (TIFF)", RECOPIER),
    (b"\x1f\x8b", "une archive GZIP", "Décompressez-la et importez le classeur qu'elle contient."),
    (b"7z\xbc\xaf", "une archive 7z", "Décompressez-la et importez le classeur qu'elle contient."),
    (b"Rar!", "une archive RAR", "Décompressez-la et importez le classeur qu'elle contient."),
)
OLE = b"\xd0\xcf\x11\xe0"
# Les noms des flux d'un document Office d'avant 2007, en UTF-16.
FLUX = (
    ("EncryptedPackage", "un classeur protégé par un mot de passe", "Ouvrez-le dans un tableur, ôtez le mot de passe, enregistrez, puis recommencez."),
    ("WordDocument", "un document Word (DOC)", RECOPIER),
    ("Workbook", "un classeur Excel d'avant 2007 (XLS)", REENREGISTRER),
    ("Book", "un classeur Excel d'avant 2007 (XLS)", REENREGISTRER),
)  # fmt: skip
BALISES = (
    (b"office:document", "un classeur OpenDocument à plat (FODS)", REENREGISTRER),
    (b"schemas-microsoft-com:office:spreadsheet", "un classeur XML d'Excel 2003", REENREGISTRER),
    (b"<html", "une page HTML", REENREGISTRER),
)


def nature(contenu: bytes) -> tuple[str, str]:
    """Ce qu'est le fichier, et ce qu'il faut en faire."""
    for debut, nom, remede in SIGNATURES:
        if contenu.startswith(debut) and (debut != b"BM" or b"\x00" in contenu[:32]):
            return nom, remede
    if contenu.startswith(OLE):
        return _ole(contenu)
    if contenu[8:12] == b"WEBP" or contenu[4:8] == b"ftyp":
        return "une image ou une vidéo", RECOPIER
    return _texte(contenu)


def _ole(contenu: bytes) -> tuple[str, str]:
    for flux, nom, remede in FLUX:
        if flux.encode("utf-16-le") in contenu:
            return nom, remede
    return "un document Office d'avant 2007", REENREGISTRER


def _texte(contenu: bytes) -> tuple[str, str]:
    en_utf16 = contenu.startswith((b"\xff\xfe", b"\xfe\xff"))
    texte = contenu.decode("utf-16", "replace").encode("utf-8", "replace") if en_utf16 else contenu
    if b"\x00" in texte:
        return "un fichier d'un format inconnu", REENREGISTRER
    debut = texte[:20_000]
    if debut.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        for balise, nom, remede in BALISES:
            if balise in debut.lower():
                return nom, remede
        return "un fichier XML", REENREGISTRER
    if debut.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
        return "un fichier JSON qui ne vient pas de Registre", RECOPIER
    if any(debut.split(b"\n", 1)[0].count(separateur) for separateur in (b";", b",", b"\t")):
        return f"un CSV{_codage(texte)}", ACCENTS
    return f"un fichier de texte{_codage(texte)}", RECOPIER


def _codage(contenu: bytes) -> str:
    try:
        contenu.decode("utf-8")
    except UnicodeDecodeError:
        return ", qui n'est pas en UTF-8"
    return ""


def phrase(nom_fichier: str, contenu: bytes) -> str:
    """La phrase d'un refus : ce qu'est le fichier, ce que l'import lit, quoi faire."""
    nom, remede = nature(contenu)
    return f"{nom_fichier} est {nom}. {LUS} {remede}"
