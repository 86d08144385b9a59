// La page de saisie : onglets, blocs que l'on ajoute et retire, champs qui n'ont de sens qu'à une condition.
// Sans ce fichier tout reste visible et s'enregistre de même.
"use strict";
(() => {
  const formulaire = document.querySelector("[data-saisie]");
  if (!formulaire) return;
  document.documentElement.classList.add("avec-js");

  // --- Champs conditionnels : un champ rempli se montre toujours -----------------------------------------------
  // Une condition regarde un contrôle (« finalites-1-type »), ou tous ceux d'une liste (« finalites-*-type »).
  const saisies = () => {
    const lues = new Map();
    for (const e of formulaire.elements)
      if (e.name && (!["checkbox", "radio"].includes(e.type) || e.checked))
        lues.set(e.name, [...(lues.get(e.name) || []), e.value]);
    return lues;
  };
  const valeurs = (nom, lues) => {
    if (!nom.includes("*")) return lues.get(nom) || [];
    const motif = new RegExp(`^${nom.replace("*", "\\d+")}$`);
    return [...lues].filter(([cle]) => motif.test(cle)).flatMap(([, siennes]) => siennes);
  };
  const rempli = (zone) =>
    [...zone.querySelectorAll("input, select, textarea")].some((e) =>
      ["checkbox", "radio"].includes(e.type) ? e.checked && e.value !== "" : e.value.trim() !== ""
    );
  // Plusieurs voies, séparées par « / » : une suffit ; dans chacune, toutes les conditions.
  const juger = (zone, lues) => {
    const attendues = zone.dataset.valeurs
      .split("/")
      .map((voie) => voie.split("|").map((v) => v.split(" ").filter(Boolean)));
    const pertinent = zone.dataset.si
      .split("/")
      .some((voie, v) =>
        voie.split(" ").every((nom, rang) => valeurs(nom, lues).some((lue) => attendues[v][rang].includes(lue)))
      );
    zone.hidden = !pertinent && !rempli(zone) && !zone.querySelector(".erreur, .autre");
  };
  const jugerTout = () => {
    const lues = saisies();
    formulaire.querySelectorAll("[data-si]").forEach((zone) => juger(zone, lues));
  };
  formulaire.addEventListener("change", jugerTout);

  // --- Suggestions : les cocher toutes, d'un geste que la personne demande ----------------------------------------
  formulaire.querySelectorAll("[data-suggestions]").forEach((cadre) => {
    const cases = [...cadre.querySelectorAll("[data-nom]")]
      .map((s) => formulaire.querySelector(`input[name="${s.dataset.nom}"][value="${s.dataset.code}"]`))
      .filter(Boolean);
    const bouton = cadre.querySelector("[data-retenir]");
    bouton.hidden = cases.length === 0;
    bouton.addEventListener("click", () => {
      cases.forEach((c) => {
        c.checked = true;
        const replie = c.closest("details");
        if (replie) replie.open = true;
      });
      cases[0].dispatchEvent(new Event("change", { bubbles: true }));
      formulaire.dispatchEvent(new Event("input"));
      bouton.hidden = true;
      cases[0].focus();
    });
  });

  // --- Blocs d'une liste -----------------------------------------------------------------------------------------
  const copier = (liste, n) => {
    const cadre = document.createElement("div");
    cadre.append(liste.querySelector("template").content.cloneNode(true));
    const bloc = cadre.firstElementChild;
    for (const element of [bloc, ...bloc.querySelectorAll("*")])
      for (const attribut of [...element.attributes])
        if (attribut.value.includes("__n__")) attribut.value = attribut.value.replaceAll("__n__", n);
    const titre = bloc.querySelector("h3");
    titre.textContent = titre.textContent.replace("__n__", n);
    return bloc;
  };
  const premier = (zone) =>
    [...zone.querySelectorAll("input:not([type=hidden], .sans-js *), select, textarea")].find((e) => e.checkVisibility());
  // Un ensemble replié dit ses choix ; un repli, ce qu'il contient.
  const redire = (zone) => {
    for (const choix of zone.querySelectorAll(".choix")) {
      const dits = choix.querySelector("[data-dits]");
      const coches = [...choix.querySelectorAll("input:checked")].map((e) => e.parentElement.textContent.trim());
      dits.textContent = coches.join("\u00a0; ") || dits.dataset.aucun;
    }
    for (const repli of zone.querySelectorAll(".repli")) {
      const remplis = [...repli.querySelectorAll(".champ")].filter(rempli);
      repli.querySelector("[data-remplis]").textContent = remplis
        .map((e) => e.querySelector("label, legend").textContent.toLowerCase())
        .join(", ");
    }
  };
  formulaire.addEventListener("change", (evenement) => {
    const bloc = evenement.target.closest("[data-bloc]");
    if (bloc) redire(bloc);
  });
  const ajouter = (liste) => {
    const n = Number(liste.dataset.suivant);
    liste.dataset.suivant = String(n + 1);
    const bloc = copier(liste, n);
    liste.insertBefore(bloc, liste.querySelector("[data-ajouter]"));
    preparer(bloc);
    jugerTout();
    premier(bloc)?.focus();
  };
  // Une ligne fermée porte ses valeurs dans des champs cachés : l'ouvrir, c'est les verser dans un bloc neuf. Celle que le bloc
  // neuf ne saurait pas montrer (un code retiré de la liste, une valeur mal saisie) se laisse ouvrir par le serveur.
  const poser = (champs, valeur) => {
    for (const champ of champs)
      if (!["checkbox", "radio"].includes(champ.type)) champ.value = valeur;
      else if (champ.value === valeur) champ.checked = true;
  };
  const deplier = (bloc) => {
    const ferme = bloc.querySelector("[data-ferme]");
    const corps = copier(bloc.parentElement, bloc.id.split("-").pop());
    corps.querySelectorAll("header, input[type=hidden]").forEach((e) => e.remove());
    for (const cache of ferme.querySelectorAll("input"))
      poser([...corps.querySelectorAll("[name]")].filter((e) => e.name === cache.name), cache.value);
    corps.querySelectorAll("details:has(input:checked):not(.choix, .repli)").forEach((d) => (d.open = true));
    corps.querySelectorAll(".choix").forEach((d) => (d.open = false));
    corps.querySelectorAll(".repli").forEach((d) => (d.open = bloc.hasAttribute("data-a-voir")));
    redire(corps);
    ferme.replaceWith(...corps.childNodes);
    bloc.querySelector("[name=ouvrir]").remove();
    bloc.classList.remove("fermee");
    bloc.removeAttribute("data-fermee");
  };
  const ouvrirLigne = (bloc) => {
    if (bloc.hasAttribute("data-serveur")) return false;
    deplier(bloc);
    jugerTout();
    premier(bloc)?.focus();
    return true;
  };
  formulaire.addEventListener("click", (evenement) => {
    const bouton = evenement.target.closest("[name=ouvrir]");
    if (bouton && ouvrirLigne(bouton.closest("[data-bloc]"))) evenement.preventDefault();
  });
  const preparer = (bloc) => {
    const bouton = bloc.querySelector("[data-retirer]");
    bouton.hidden = false;
    bouton.addEventListener("click", () => {
      const liste = bloc.parentElement;
      bloc.remove();
      jugerTout();
      formulaire.dispatchEvent(new Event("input"));
      liste.querySelector("[data-ajouter]").focus();
    });
  };
  formulaire.querySelectorAll("[data-bloc]").forEach(preparer);
  formulaire.querySelectorAll("[data-liste]").forEach((liste) => {
    const bouton = liste.querySelector("[data-ajouter]");
    bouton.hidden = false;
    bouton.addEventListener("click", () => ajouter(liste));
    const tout = liste.querySelector("[data-tout-ouvrir]");
    if (!tout) return;
    tout.hidden = false;
    tout.addEventListener("click", () => {
      liste.querySelectorAll("[data-fermee]:not([data-serveur])").forEach(deplier);
      tout.hidden = true;
      jugerTout();
      premier(liste)?.focus();
    });
  });
  jugerTout();

  // --- Onglets ---------------------------------------------------------------------------------------------------
  const onglets = [...formulaire.querySelectorAll("[role=tab]")];
  const panneau = (onglet) => document.getElementById(onglet.getAttribute("aria-controls"));
  const memoire = `onglet:${location.pathname}`;
  const ouvrir = (choisi, garder = true) => {
    for (const onglet of onglets) {
      const actif = onglet === choisi;
      onglet.setAttribute("aria-selected", String(actif));
      onglet.tabIndex = actif ? 0 : -1;
      panneau(onglet).hidden = !actif;
    }
    if (garder) sessionStorage.setItem(memoire, choisi.id);
  };
  const ongletDe = (element) => onglets.find((o) => panneau(o).contains(element));
  const montrer = (ancre) => {
    // Le champ d'une ligne fermée n'existe pas encore : on ouvre sa ligne, ou on montre sa phrase.
    const ligne = document.getElementById(ancre?.match(/^id_(\w+-\d+)-/)?.[1]);
    if (ligne?.hasAttribute("data-fermee") && !ligne.hasAttribute("data-serveur")) deplier(ligne);
    const cible = ancre && (document.getElementById(ancre) || ligne);
    const onglet = cible && ongletDe(cible);
    if (!onglet) return false;
    ouvrir(onglet, false);
    for (let zone = cible; zone; zone = zone.parentElement.closest("[data-si]")) zone.hidden = false;
    const laisses = cible.matches("[data-bloc]") ? ".inscription, .choix, .repli, .autres" : ".inscription, .autres";
    cible.querySelectorAll(`details:not(${laisses})`).forEach((d) => (d.open = true));
    for (let d = cible.closest("details"); d; d = d.parentElement.closest("details")) d.open = true;
    const champ = cible.matches("input, select, textarea") ? cible : premier(cible);
    cible.scrollIntoView({ block: "center" });
    champ?.focus({ preventScroll: true });
    return true;
  };
  if (onglets.length) {
    formulaire.querySelector("[role=tablist]").hidden = false;
    for (const onglet of onglets) {
      panneau(onglet).setAttribute("role", "tabpanel");
      panneau(onglet).setAttribute("aria-labelledby", onglet.id);
      onglet.addEventListener("click", () => ouvrir(onglet));
    }
    formulaire.querySelector("[role=tablist]").addEventListener("keydown", (evenement) => {
      const pas = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity }[evenement.key];
      if (pas === undefined) return;
      evenement.preventDefault();
      const rang = onglets.findIndex((o) => o.getAttribute("aria-selected") === "true");
      const vers = Math.abs(pas) === 1 ? (rang + pas + onglets.length) % onglets.length : pas < 0 ? 0 : onglets.length - 1;
      ouvrir(onglets[vers]);
      onglets[vers].focus();
    });
    const fautive = onglets.find((o) => panneau(o).hasAttribute("data-fautes"));
    const repris = formulaire.querySelector("[data-repris]");
    const gardee = onglets.find((o) => o.id === sessionStorage.getItem(memoire));
    const rubrique = onglets.find((o) => o.id === `onglet-${location.hash.slice(1)}`);
    ouvrir(fautive || rubrique || gardee || onglets[0], false);
    if (repris) {
      montrer(repris.id);
      repris.scrollIntoView({ block: "start" });
    } else if (!fautive && !rubrique) montrer(location.hash.slice(1));
    document.addEventListener("click", (evenement) => {
      const lien = evenement.target.closest("a[href^='#']");
      if (lien && montrer(lien.hash.slice(1))) evenement.preventDefault();
    });
  }

  // --- Ne rien perdre en quittant ----------------------------------------------------------------------------------
  let touche = Boolean(document.querySelector(".erreurs, .conflit, [data-modifie]"));
  formulaire.addEventListener("input", () => (touche = true));
  formulaire.addEventListener("submit", (evenement) => {
    const trop = formulaire.querySelector("[data-champs-max]");
    if (trop) trop.hidden = [...new FormData(formulaire)].length <= Number(trop.dataset.champsMax);
    if (!trop || trop.hidden) return (touche = false);
    evenement.preventDefault();
    trop.scrollIntoView({ block: "center" });
  });
  window.addEventListener("beforeunload", (evenement) => touche && evenement.preventDefault());
})();
