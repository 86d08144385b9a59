// Un bouton qui copie le texte d'une zone. Sans ce fichier, le bouton reste caché et la zone se sélectionne à la main.
"use strict";
(() => {
  const bouton = document.querySelector("[data-copier]");
  const zone = bouton && document.getElementById(bouton.dataset.copier);
  if (!zone) return;
  const etat = document.querySelector("[data-copie]");
  bouton.hidden = false;
  bouton.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(zone.value); // seulement en HTTPS ou sur la machine même
      etat.textContent = "Texte copié.";
    } catch {
      zone.focus();
      zone.select();
      etat.textContent = "Texte sélectionné : copiez-le avec Ctrl+C.";
    }
  });
})();
