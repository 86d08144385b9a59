// Garde sur le serveur ce qui est tapé et pas encore enregistré, et le dit. Sans ce fichier, un envoi refusé se garde de même.
"use strict";
(() => {
  const script = document.currentScript;
  const enveloppe = document.querySelector("main form:not([action]) input[data-garder]");
  if (!enveloppe) return;
  const formulaire = enveloppe.form;
  // Revenu en arrière : la page est redemandée sans ce qu'on y avait ajouté. Son brouillon l'a ; celui d'un autre onglet se propose.
  const revenue = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
  const sien = history.state?.page;
  const reprendre = [...document.querySelectorAll("[data-reprendre]")].find((lien) => lien.dataset.reprendre === sien);
  if (revenue && reprendre) {
    window.addEventListener("load", () => setTimeout(() => location.replace(reprendre.href)));
    return;
  }
  history.replaceState({ ...history.state, page: enveloppe.dataset.garder }, "");

  const ATTENTE = 3000; // ms après la dernière frappe
  const PATIENCE = 12000; // ms depuis la première frappe non gardée
  const ESSAI = 15000; // ms avant de réessayer, quand le réseau manque
  const KEEPALIVE_MAX = 60000; // octets : au-delà, le navigateur refuse l'envoi d'une page qui se ferme
  const etat = document.createElement("p");
  etat.className = "etat-brouillon";
  etat.setAttribute("role", "status");
  (formulaire.querySelector(".barre, .barre-simple:last-of-type") || formulaire).append(etat);
  const dire = (texte, grave = false) => {
    if (etat.textContent !== texte) etat.textContent = texte;
    etat.classList.toggle("grave", grave);
  };
  const RIEN_PARTI = "Le registre ne répond pas : rien n’est parti. Ne fermez pas cette page ; réessayez dans un moment.";
  const PAROLES = {
    409: "Brouillon non gardé : cette page est celle d’un autre compte ou d’un organisme où vous n’êtes plus habilité(e), ou elle est ouverte depuis trop longtemps. Copiez votre texte avant de la recharger.",
    410: "Cette page a déjà été enregistrée, ou son brouillon jeté, dans un autre onglet : copiez votre texte, puis rechargez-la.",
    413: "Texte trop long pour être gardé en brouillon : enregistrez-le.",
  };

  // --- Ce qui se garde : les champs remplis, jamais un fichier ni un bouton --------------------------------------
  const corps = () => {
    const champs = new URLSearchParams();
    for (const [nom, valeur] of new FormData(formulaire))
      if (typeof valeur === "string" && valeur && nom !== "csrfmiddlewaretoken") champs.append(nom, valeur);
    return champs.toString();
  };
  let garde = corps();
  let attente = null;
  let depuis = 0; // la première frappe qui n'est pas gardée : qui tape sans pause est gardé quand même
  let enCours = false;
  let fini = false;
  let coupe = false; // le dernier envoi n'est pas arrivé
  let retenus = 0;

  const prevoir = (delai) => {
    clearTimeout(attente);
    attente = fini ? null : setTimeout(garder, delai);
  };
  const frappe = () => {
    depuis ||= Date.now();
    prevoir(Math.min(ATTENTE, Math.max(0, depuis + PATIENCE - Date.now())));
  };
  const couper = () => {
    coupe = true;
    dire(retenus ? RIEN_PARTI : "Le registre ne répond pas : ne fermez pas cette page.", true);
    prevoir(ESSAI);
  };
  const garder = async (adieu = false) => {
    const texte = corps();
    if (fini || (texte === garde && !coupe) || (enCours && adieu !== true)) return;
    enCours = true;
    depuis = 0;
    try {
      const reponse = await fetch(script.dataset.vers, {
        method: "POST",
        body: new URLSearchParams(texte),
        redirect: "manual",
        keepalive: adieu === true && texte.length < KEEPALIVE_MAX,
      });
      await juger(reponse, texte);
    } catch {
      couper();
    }
    enCours = false;
  };
  const juger = async (reponse, texte) => {
    coupe = false;
    retenus = 0;
    if (reponse.ok) {
      garde = texte;
      dire(`Brouillon gardé à ${(await reponse.json()).heure} ; il reste dans « Mon compte » si vous quittez la page.`);
      if (corps() !== garde) prevoir(ATTENTE);
    } else if (reponse.type === "opaqueredirect" || reponse.status === 401) {
      dire("Votre session est finie : enregistrez, puis reconnectez-vous. Votre texte sera gardé.", true);
    } else if (PAROLES[reponse.status]) {
      dire(PAROLES[reponse.status], true);
    } else {
      dire("Le brouillon n’a pas pu être gardé : ne fermez pas cette page.", true);
      prevoir(ESSAI);
    }
  };

  for (const geste of ["input", "change", "click"]) formulaire.addEventListener(geste, frappe); // un clic ajoute un bloc
  window.addEventListener("online", () => prevoir(0));
  window.addEventListener("offline", couper);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && garder(true));
  window.addEventListener("pagehide", () => garder(true));

  // --- Un seul envoi : le second clic n'en fait pas un autre ; sans réseau, rien ne part et la page reste ----------
  // Un essai de brouillon manqué ne suffit pas à empêcher d'enregistrer : le second clic part, sauf hors ligne pour de bon.
  const rouvrir = () => (fini = coupe = false);
  formulaire.addEventListener("submit", (evenement) => {
    const retenu = coupe && (retenus++ === 0 || !navigator.onLine);
    if (fini || retenu) evenement.preventDefault();
    if (retenu) {
      dire(RIEN_PARTI, true);
      return prevoir(0);
    }
    fini = true;
    clearTimeout(attente);
    setTimeout(rouvrir, ESSAI); // l'envoi a pu être interrompu
  });
  window.addEventListener("pageshow", rouvrir);
})();
