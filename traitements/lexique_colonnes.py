"""Ce que le nom d'une colonne laisse croire de ce qu'elle contient : les mots de chaque catégorie, en français et en anglais. Pur.

Un nom n'est pas un contenu : « mail » peut être vide, « commentaire » peut tout contenir. Rien ici ne lit une valeur.
"""

# Catégorie du référentiel → ce qui la nomme, plié, en mots séparés. Le plus long l'emporte : « nom produit » avant « nom ».
CATEGORIES: dict[str, str] = {
    "ETAT_CIVIL": "nom; prenom; prenoms; nom famille; nom naissance; nom usage; nom complet; civilite; sexe; genre; titre civil; "
    "date naissance; naissance; age; lieu naissance; nationalite; photo; name; first name; last name; full name; surname; "
    "given name; family name; maiden name; middle name; gender; sex; salutation; birth; birthday; birthdate; birth date; "
    "date birth; dob; birthplace; nationality; prefix name; civility",
    "COORDONNEES": "adresse; adresse postale; adresse mail; adresse email; adresse courriel; rue; voie; complement adresse; code "
    "postal; ville; commune; cp; courriel; mail; email; e mail; telephone; tel; portable; mobile; gsm; fax; address; address1; "
    "address2; street; zip; zipcode; zip code; postcode; postal code; city; town; phone; phone number; telephone number; cell; "
    "phone mobile; sms; whatsapp; landline; contact email; pays residence",
    "PIECE_IDENTITE": "piece identite; cni; carte identite; passeport; titre sejour; permis conduire; identity document; id card; "
    "passport; driving licence; driver license",
    "VIE_PERSONNELLE": "situation familiale; etat matrimonial; nombre enfants; enfants; conjoint; hobbies; loisirs; habitudes; "
    "marital status; children; spouse; family status; household",
    "VIE_PROFESSIONNELLE": "profession; metier; poste; fonction; employeur; societe; entreprise; siret; siren; ape; job; job title; "
    "occupation; employer; company; company name; position; department",
    "ECONOMIQUE_FINANCIERE": "revenu; revenus; salaire; patrimoine; quotient familial; income; salary; wage; credit score; solvabilite",
    "MOYENS_PAIEMENT": "iban; bic; rib; mandat; rum; mandat sepa; account number; bank account; sepa mandate; compte bancaire",
    "CARTE_BANCAIRE": "carte bancaire; numero carte; cb; pan; card number; card expiration; card expiry; card holder; credit card; "
    "cc number; expiration carte",
    "CRYPTOGRAMME": "cvv; cvc; cvv2; cryptogramme; card verification",
    "TRANSACTIONS": "commande; commandes; achat; achats; panier; montant; total commande; dernier achat; date achat; order; orders; "
    "last order; purchase; purchases; cart; total spent; total orders; nb commandes; chiffre affaires; basket",
    "FACTURATION_REGLEMENT": "facture; factures; numero facture; reglement; paiement; date paiement; invoice; invoice number; "
    "invoice date; payment; payment method; payment date; billing; tva; vat number",
    "IMPAYES": "impaye; impayes; relance paiement; recouvrement; contentieux; unpaid; overdue; debt; dunning; outstanding",
    "RELATION_COMMERCIALE": "dernier contact; reclamation; sav; ticket; satisfaction; last contact; claim; complaint; support "
    "ticket; last activity; date last active",
    "LIVRAISON": "livraison; adresse livraison; transporteur; colis; suivi colis; delivery; delivery address; shipping; shipping "
    "address; carrier; tracking number; parcel; expedition",
    "FIDELISATION": "carte fidelite; fidelite; points fidelite; numero fidelite; loyalty; loyalty points; loyalty card; reward points",
    "PROSPECTION": "campagne; newsletter; abonne; abonnement lettre; statut prospect; segment prospect; campaign; subscriber; lead; "
    "lead source; prospect; mailing list",
    "ETUDES_SONDAGES": "sondage; enquete; reponse enquete; nps; survey; survey answer",
    "JEUX_CONCOURS": "jeu concours; participation jeu; lot gagne; contest; prize; lottery",
    "AVIS_CONTRIBUTIONS": "avis; note avis; commentaire avis; contribution; review; rating; review text",
    "CONNEXION": "identifiant; login; pseudo; mot passe; empreinte mot passe; jeton; adresse ip; ip; derniere connexion; user agent; "
    "username; user name; password; passwd; pwd; password hash; ip address; last login; session; session id; token; reset token; "
    "ip registration; secure key",
    "NAVIGATION": "cookie; traceur; page vue; pages vues; referer; navigateur; visitor; visitor id; page views; http referer; utm "
    "source; utm campaign; browser; device; gclid; fbclid; opened; clicked",
    "LOCALISATION": "latitude; longitude; lat; lng; gps; geolocalisation; position gps; geolat; geolong; geolocation; location; coordinates",
    "COMMUNICATIONS": "message; messages; conversation; contenu message; enregistrement appel; transcription; chat; email body; "
    "message body; call recording",
    "PROFILS": "score; segment; profil; appetence; scoring; rfm; cluster; recommandation; propensity; lifetime value; ltv; churn",
    "PREUVES_CHOIX": "consentement; date consentement; optin; opt in; optout; opt out; opposition; desinscription; date desinscription; "
    "desabonne; rgpd; consent; consent date; unsubscribed; unsubscribe date; blacklisted; email blacklisted; sms blacklisted; no email; "
    "bloctel; accepts marketing; accepts email marketing; do not contact; gdpr",
    "NIR": "nir; numero securite sociale; securite sociale; num secu; insee nir; ssn; social security number",
    "ORIGINE_ETHNIQUE": "origine ethnique; ethnie; ethnicity; race",
    "OPINIONS_POLITIQUES": "opinion politique; parti politique; political opinion; political party",
    "CONVICTIONS": "religion; confession; conviction religieuse; religious belief; faith",
    "SYNDICAT": "syndicat; appartenance syndicale; trade union; union membership",
    "GENETIQUES": "donnees genetiques; adn; genome; dna; genetic data",
    "BIOMETRIQUES": "empreinte digitale; biometrie; fingerprint; biometric; face id; iris",
    "SANTE": "sante; allergie; allergies; handicap; maladie; pathologie; traitement medical; grossesse; groupe sanguin; health; allergy; "
    "disability; disease; medical; blood type; pregnancy; regime alimentaire; diet",
    "VIE_SEXUELLE": "orientation sexuelle; vie sexuelle; sexual orientation",
    "INFRACTIONS": "infraction; condamnation; casier judiciaire; offence; criminal record; fraude; fraud",
}
# Ce qui ressemble à une catégorie et n'en est pas une : la chose nommée n'est pas une personne.
CHOSES = (
    "nom produit; nom article; nom fichier; nom table; nom categorie; nom boutique; nom magasin; nom campagne; nom modele; "
    "product name; item name; file name; filename; table name; category name; shop name; store name; display name order; "
    "lineitem name; tag name; event name; plan name; carrier name; payment method; adresse mac; note interne produit"
)
# Une colonne de texte libre peut contenir n'importe quelle catégorie : son nom n'en dit rien.
LIBRES = (
    "note; notes; commentaire; commentaires; remarque; remarques; description; observation; observations; memo; comment; comments; "
    "remark; remarks; note private; note public; note privee; customer note; texte; text; body; content; contenu; json; extra; "
    "extraparams; metadata; meta value; custom fields; divers"
)
# Ce qui sert à la base et non aux personnes.
TECHNIQUES = (
    "id; rowid; uuid; guid; pk; key; cle; version; created; created at; create date; date add; datec; updated; updated at; write date; "
    "date upd; modified; modified at; tms; date creation; date modification; deleted; deleted at; active; actif; status; statut; "
    "state; position; ordre; rang; sort order; entity; lang; langue; language; currency; devise; type; flag; import key; ref ext; added time; "
    "modified time; prefixe; timestamp; row number"
)
