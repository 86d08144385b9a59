"""Une base à la façon de PrestaShop : les tables, les colonnes et les types qu'il donne à ses clients, commandes et messages.

Des personnes inventées. Les `en_retard` premiers clients n'ont plus donné signe de vie depuis la veille du jour limite, ou plus.
"""

from datetime import date, datetime, time, timedelta

TABLES = (
    "CREATE TABLE ps_customer (id_customer INT UNSIGNED PRIMARY KEY, firstname VARCHAR(255), lastname VARCHAR(255),"
    " email VARCHAR(255), birthday DATE, newsletter TINYINT(1) UNSIGNED, active TINYINT(1) UNSIGNED,"
    " deleted TINYINT(1) UNSIGNED, is_guest TINYINT(1) NOT NULL, date_add DATETIME NOT NULL, date_upd DATETIME NOT NULL) ENGINE=InnoDB",
    "CREATE TABLE ps_orders (id_order INT UNSIGNED PRIMARY KEY, id_customer INT UNSIGNED, valid INT UNSIGNED,"
    " invoice_date DATETIME NOT NULL, date_add DATETIME NOT NULL, KEY id_customer (id_customer)) ENGINE=InnoDB",
    "CREATE TABLE ps_customer_thread (id_customer_thread INT UNSIGNED PRIMARY KEY, id_customer INT UNSIGNED,"
    " status VARCHAR(20), date_add DATETIME NOT NULL, KEY id_customer (id_customer)) ENGINE=InnoDB",
)
DERNIER_CONTACT = """\
-- Le dernier contact de chaque client : son compte, ses commandes, ses messages
SELECT c.id_customer, GREATEST(
    c.date_add,
    COALESCE((SELECT MAX(o.date_add) FROM ps_orders o WHERE o.id_customer = c.id_customer), c.date_add),
    COALESCE((SELECT MAX(t.date_add) FROM ps_customer_thread t WHERE t.id_customer = c.id_customer), c.date_add)
) AS dernier_contact
FROM ps_customer c
WHERE c.deleted = 0;
"""
JAMAIS = "0000-00-00 00:00:00"


def remplir(base, limite: date, clients: int = 5000, en_retard: int = 213) -> None:
    """Tous les comptes ont l'âge d'être effacés ; seuls ceux qui ont commandé ou écrit depuis, et changé depuis, restent dans les délais."""
    minuit = datetime.combine(limite, time())
    vieux = minuit - timedelta(seconds=1)
    base.executer(*TABLES)
    base.executer(
        lignes=(
            "ps_customer",
            [
                (
                    *(n, f"Camille {n}", "Exemple", f"camille{n}@exemple.example", None, n % 2, 1, 0, 0),
                    *(
                        vieux - timedelta(days=n % 90),
                        vieux if n <= en_retard else minuit + timedelta(days=n % 700),
                    ),
                )
                for n in range(1, clients + 1)
            ],
        )
    )
    # Une commande impayée n'a pas de facture : PrestaShop y laisse une date nulle.
    commandes = [
        (n, n, n % 2, JAMAIS, minuit + timedelta(days=n % 700)) for n in range(en_retard + 1, clients + 1)
    ]
    base.executer(lignes=("ps_orders", [c for c in commandes if c[0] % 5]))
    messages = [(n, n, "closed", minuit) for n in range(en_retard + 1, clients + 1) if n % 5 == 0]
    base.executer(lignes=("ps_customer_thread", messages))
