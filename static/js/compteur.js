// Les limites se disent pendant la frappe, près de la fin : rien n'est coupé, l'enregistrement refuse et garde tout.
// `data-limite` : caractères du champ. `data-limite-ligne` : caractères de chaque ligne.
"use strict";
(() => {
  const annonce = document.createElement("p");
  annonce.className = "invisible";
  annonce.setAttribute("role", "status");
  document.body.append(annonce);
  let attente;

  // Comme le serveur : en caractères composés, une fin de ligne comptant pour un.
  const longueur = (texte) => [...texte.normalize("NFC")].length;
  const dire = (reste) => {
    const n = Math.abs(reste);
    return reste < 0 ? `${n} caractère${n > 1 ? "s" : ""} de trop` : `${n} caractère${n > 1 ? "s" : ""} restant${n > 1 ? "s" : ""}`;
  };
  const juger = (champ) => {
    const limite = Number(champ.dataset.limite || champ.dataset.limiteLigne);
    const textes = champ.dataset.limite ? [champ.value] : champ.value.split("\n").map((ligne) => ligne.trim());
    const restes = textes.map((texte) => limite - longueur(texte));
    const rang = restes.indexOf(Math.min(...restes));
    if (restes[rang] > Math.max(40, limite / 10)) return { phrase: "", reste: restes[rang] };
    const ou = textes.length > 1 ? `Ligne ${rang + 1} : ` : "";
    const combien = restes[rang] < 0 ? ` (${limite} au plus)` : "";
    return { phrase: `${ou}${dire(restes[rang])}${combien}`, reste: restes[rang] };
  };
  const montrer = (champ) => {
    const { phrase, reste } = juger(champ);
    let compte = champ.parentElement.querySelector(".restant");
    if (!compte && !phrase) return;
    if (!compte) {
      compte = document.createElement("p");
      compte.className = "restant";
      champ.after(compte);
    }
    compte.textContent = phrase;
    compte.classList.toggle("depasse", reste < 0);
    clearTimeout(attente);
    attente = setTimeout(() => (annonce.textContent = phrase), 700);
  };
  document.addEventListener("input", (evenement) => {
    if (evenement.target.matches("[data-limite], [data-limite-ligne]")) montrer(evenement.target);
  });
  document.querySelectorAll("[data-limite], [data-limite-ligne]").forEach((champ) => champ.value && montrer(champ));
})();
