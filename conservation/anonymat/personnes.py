"""Des prénoms et des noms de famille français répandus : de quoi reconnaître une colonne de noms sous un autre titre.

N'y sont pas ceux qui sont aussi un parfum, une fleur, une ville ou une couleur (Rose, Iris, Florence, Blanc).
"""

import re
import unicodedata

_PRENOMS = """
adele adrien agathe agnes alain alexandre alexandra alexis alice amandine amelie anais andre anne annie anthony antoine arnaud arthur
audrey aurelie aurelien axel baptiste beatrice benjamin benoit bernard bertrand brigitte bruno camille carole caroline catherine cecile
cedric celine chantal chloe christelle christian christiane christine christophe claire clara claude claudine clement colette coralie
corinne cyril damien daniel danielle david delphine denis didier dominique dylan elise elodie emilie emma emmanuel enzo eric estelle
etienne eva evelyne fabien fabrice fatima francine francis francois francoise franck frederic gabriel gael genevieve georges gerard
germaine gilbert gilles guillaume guy helene henri herve hugo ines isabelle jacqueline jacques jean jeanne jeannine jennifer jeremy
jerome jessica joel johanna jonathan joseph josette josiane jules julie julien juliette justine karim karine kevin laetitia laura
laurence laure lea leo lucie ludovic lydie madeleine magali manon marc marcel marie marine marion martine mathieu mathilde mathis
maurice maxime melanie melissa michel michele mickael mireille mohamed monique morgane muriel myriam nadia nadine nathalie nathan
nicolas nicole noemie odile olivier pascal pascale patrice patricia patrick paul paulette pauline philippe pierre quentin raphael
raymond regis remi rene renee robert roger roland romain sabrina samuel sandra sandrine sebastien serge simone solene sophie stephane
stephanie suzanne sylvain sylvie theo therese thierry thomas tristan valentin valerie vanessa veronique victor virginie vincent
xavier yann yannick yves yvette yvonne zoe
"""
_NOMS = """
martin bernard dubois durand moreau laurent lefebvre leroy morel fournier girard bonnet dupont lambert rousseau muller lefevre faure
mercier guerin boyer garnier legrand gauthier garcia perrin morin roussel mathieu gautier masson duval dumont lemaire meyer dufour
meunier blanchard giraud joly brunet gaillard barbier martinez schmitt leroux vidal caron picard fabre aubert lemoine renaud dumas
lacroix leclerc payet leclercq lecomte lopez dupuy guillot hubert carpentier sanchez dupuis deschamps huet vasseur perez fleury
jacquet poirier aubry guyot charpentier menard maillard bertin bailly schneider fernandez collet bouvier prevost millet perrot
besson langlois pelletier leveque perrier leblanc lebrun marchal weber mallet hamon monnier michaud rodriguez guichard gillet
grondin poulain tessier chevallier chauvin bouchet lemaitre benard marechal humbert reynaud hoarau perret barthelemy cordier pichon
lejeune delaunay pasquier carlier laporte dasilva silva santos nguyen diallo traore ferreira pereira rodrigues
"""
PERSONNES = frozenset(_PRENOMS.split()) | frozenset(_NOMS.split())
MOTS = re.compile(r"[^\W\d_]+")


def sans_accent(texte: str) -> str:
    """En minuscules, sans accent ni ligature de compatibilité : « Élise » et « ELISE » n'en font qu'un."""
    decompose = unicodedata.normalize("NFKD", texte.casefold())
    return "".join(c for c in decompose if not unicodedata.combining(c))


def nomme_une_personne(valeur: str) -> bool:
    """Cinq mots au plus, dont un prénom ou un nom répandu, sans « saint » : « DUPONT Marie », non « Saint-Denis »."""
    if len(valeur) > 60 or any(c.isdigit() for c in valeur):
        return False
    mots = MOTS.findall(sans_accent(valeur))
    if not 1 <= len(mots) <= 5 or {"saint", "sainte", "st", "ste", "sur", "les", "rue"} & set(mots):
        return False
    return not PERSONNES.isdisjoint(mots)
