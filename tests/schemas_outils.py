"""Les tables des outils que les préréglages lisent, telles que leurs éditeurs les déclarent : noms et types, relevés à part d'eux.

Un nom mal écrit dans un préréglage n'a donc aucune table ni colonne ici. `AVANT` et `DEPUIS` : deux lignes, l'une en retard.
"""

from dataclasses import dataclass

AVANT, DEPUIS = "2001-01-01 10:00:00", "2026-11-01 10:00:00"


@dataclass(frozen=True)
class Table:
    """`colonnes` : leurs déclarations, dans l'ordre. `lignes` : deux, la première en retard."""

    colonnes: tuple[str, ...]
    lignes: tuple[tuple, ...]

    def creation(self, nom: str) -> str:
        return f"CREATE TABLE {nom} ({', '.join(self.colonnes)})"


def _deux(*suite):
    """Deux lignes : leur clé, leur date, puis la même suite."""
    return ((1, AVANT, *suite), (2, DEPUIS, *suite))


# PrestaShop/PrestaShop, install-dev/data/db_structure.sql (0024295) ; PrestaShop/ps_emailsubscription, install() (04dcfd4)
PRESTASHOP = {
    "customer": Table(
        (
            "id_customer int unsigned",
            "date_upd datetime NOT NULL",
            "is_guest tinyint(1) NOT NULL",
            "email varchar(128)",
        ),
        _deux(0, "x"),
    ),
    "orders": Table(
        (
            "id_order int unsigned",
            "date_add datetime NOT NULL",
            "id_customer int unsigned",
            "id_cart int unsigned",
        ),
        ((1, AVANT, 1, 98), (2, DEPUIS, 2, 99)),
    ),
    "cart": Table(
        ("id_cart int unsigned", "date_upd datetime NOT NULL", "id_customer int unsigned"), _deux(1)
    ),
    "order_invoice": Table(
        ("id_order_invoice int unsigned", "date_add datetime NOT NULL", "number int"), _deux(1)
    ),
    "customer_thread": Table(
        (
            "id_customer_thread int unsigned",
            "date_upd datetime NOT NULL",
            "status enum('open','closed','pending1','pending2') NOT NULL",
        ),
        _deux("closed"),
    ),
    "connections": Table(
        (
            "id_connections int unsigned",
            "date_add datetime NOT NULL",
            "ip_address bigint NULL",
            "http_referer varchar(255)",
        ),
        _deux(1, ""),
    ),
    "emailsubscription": Table(
        ("id int", "newsletter_date_add datetime NULL", "active tinyint(1) NOT NULL"), _deux(1)
    ),
}
# woocommerce/woocommerce, class-wc-install.php (0129f19), OrdersTableDataStore.php (000233c) ; WordPress/WordPress,
# wp-admin/includes/schema.php (0069db8)
WOOCOMMERCE = {
    "wc_customer_lookup": Table(
        ("customer_id bigint unsigned", "date_last_active timestamp NULL", "email varchar(100)"), _deux("x")
    ),
    "wc_orders": Table(
        ("id bigint unsigned", "date_created_gmt datetime NULL", "type varchar(20)"), _deux("shop_order")
    ),
    "wc_order_operational_data": Table(
        ("order_id bigint unsigned", "date_completed_gmt datetime NULL"), _deux()
    ),
    "posts": Table(
        ("ID bigint unsigned", "post_date datetime NOT NULL", "post_type varchar(20) NOT NULL"),
        _deux("shop_order"),
    ),
}
# Dolibarr/dolibarr, htdocs/install/mysql/tables : llx_societe.sql (06540a6), llx_actioncomm.sql (02ba745), llx_socpeople.sql
# (00856eb), llx_facture.sql (00627a8)
DOLIBARR = {
    "societe": Table(("rowid integer", "tms timestamp NULL", "client tinyint DEFAULT 0"), _deux(2)),
    "actioncomm": Table(
        ("id integer", "datep datetime", "fk_soc integer", "code varchar(50) NULL"),
        ((1, AVANT, 1, "AC_EMAILIN_AUTO"), (2, DEPUIS, 2, "AC_EMAILIN_AUTO")),
    ),
    "socpeople": Table(("rowid integer", "tms timestamp NULL"), _deux()),
    "facture": Table(("rowid integer", "datef date"), _deux()),
}
# odoo/odoo, addons/sale/models/sale_order.py (0009881), addons/account/models/account_move.py (0005936),
# addons/mass_mailing/models/mailing_contact.py (02f71aa) : Odoo nomme ses tables d'après ses modèles.
ODOO = {
    "sale_order": Table(
        ("id integer", "date_order timestamp", "partner_id integer", "state varchar"),
        ((1, AVANT, 1, "sale"), (2, DEPUIS, 2, "sale"), (3, AVANT, 3, "sent"), (4, DEPUIS, 4, "sent")),
    ),
    "account_move": Table(("id integer", "invoice_date date", "move_type varchar"), _deux("out_invoice")),
    "mailing_contact": Table(("id integer", "create_date timestamp"), _deux()),
}
TABLES = {"prestashop": PRESTASHOP, "woocommerce": WOOCOMMERCE, "dolibarr": DOLIBARR, "odoo": ODOO}
# Des exports : leur en-tête, et deux lignes comme les exemples tiers les écrivent.
EXPORTS = {
    "brevo": (
        "CONTACT ID,EMAIL,EMAIL_BLACKLISTED,SMS_BLACKLISTED,ADDED_TIME,MODIFIED_TIME\n"
        "1,x@exemple.example,No,No,12-04-2001 09:30,12-04-2001 09:30\n2,y@exemple.example,No,No,13-11-2026 09:30,13-11-2026 09:30\n"
    ),
    "shopify": (
        "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Created at\n"
        "#1,x@exemple.example,paid,,fulfilled,2001-05-01 09:59:00 +0200,2001-05-01 09:59:00 +0200\n"
        "#2,y@exemple.example,paid,,fulfilled,2026-05-01 09:59:00 +0200,2026-05-01 09:59:00 +0200\n"
    ),
}
