"""django-oscar (BSD, PyPI): a shop in Spanish. Server-rendered, Bootstrap cards, a checkout of several pages.

Its pictures and style sheets have a host of their own, and so have the account's pages and the page with the card form.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from playwright.async_api import Page

from tests.field import pypi
from tests.field.app import App, Backend, Place, broken, entry_broken
from tests.field.processes import free_port, running

_LOGIN = ("ann@field.test", "walk-the-desk")
_SETTINGS = """
import os
from pathlib import Path
from oscar.defaults import *
DATA = Path(os.environ["SHOP_DATA"])
SECRET_KEY, DEBUG, ALLOWED_HOSTS, ROOT_URLCONF, SITE_ID = "field", True, ["*"], "shop_urls", 1
CSRF_TRUSTED_ORIGINS = [os.environ["SHOP_URL"]]
INSTALLED_APPS = [
    *("django.contrib." + name for name in
      ("admin", "auth", "contenttypes", "sessions", "messages", "staticfiles", "sites", "flatpages")),
    "oscar.config.Shop", "oscar.apps.analytics.apps.AnalyticsConfig", "oscar.apps.checkout.apps.CheckoutConfig",
    "oscar.apps.address.apps.AddressConfig", "oscar.apps.shipping.apps.ShippingConfig",
    "oscar.apps.catalogue.apps.CatalogueConfig", "oscar.apps.catalogue.reviews.apps.CatalogueReviewsConfig",
    "oscar.apps.communication.apps.CommunicationConfig", "oscar.apps.partner.apps.PartnerConfig",
    "oscar.apps.basket.apps.BasketConfig", "oscar.apps.payment.apps.PaymentConfig",
    "oscar.apps.offer.apps.OfferConfig", "oscar.apps.order.apps.OrderConfig", "oscar.apps.customer.apps.CustomerConfig",
    "oscar.apps.search.apps.SearchConfig", "oscar.apps.voucher.apps.VoucherConfig",
    "oscar.apps.wishlists.apps.WishlistsConfig", "oscar.apps.dashboard.apps.DashboardConfig",
    *("oscar.apps.dashboard." + name for name in (
        "reports.apps.ReportsDashboardConfig", "users.apps.UsersDashboardConfig", "orders.apps.OrdersDashboardConfig",
        "catalogue.apps.CatalogueDashboardConfig", "offers.apps.OffersDashboardConfig",
        "partners.apps.PartnersDashboardConfig", "pages.apps.PagesDashboardConfig", "ranges.apps.RangesDashboardConfig",
        "reviews.apps.ReviewsDashboardConfig", "vouchers.apps.VouchersDashboardConfig",
        "communications.apps.CommunicationsDashboardConfig", "shipping.apps.ShippingDashboardConfig")),
    "widget_tweaks", "haystack", "treebeard", "django_tables2", "sorl.thumbnail", "cards",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware", "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware", "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware", "django.contrib.messages.middleware.MessageMiddleware",
    "oscar.apps.basket.middleware.BasketMiddleware", "django.contrib.flatpages.middleware.FlatpageFallbackMiddleware",
]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [DATA / "templates"],
    "APP_DIRS": True, "OPTIONS": {"context_processors": ["django.template.context_processors.debug",
    "django.template.context_processors.request", "django.contrib.auth.context_processors.auth",
    "django.template.context_processors.i18n", "django.contrib.messages.context_processors.messages",
    "oscar.apps.search.context_processors.search_form", "oscar.apps.checkout.context_processors.checkout",
    "oscar.apps.communication.notifications.context_processors.notifications", "oscar.core.context_processors.metadata"]}}]
AUTHENTICATION_BACKENDS = ["oscar.apps.customer.auth_backends.EmailBackend"]
HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.whoosh_backend.WhooshEngine", "PATH": str(DATA / "stock/index")}}
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": DATA / "stock/shop.db", "ATOMIC_REQUESTS": True}}
DEFAULT_AUTO_FIELD, USE_TZ, USE_I18N, LANGUAGE_CODE = "django.db.models.AutoField", True, True, "es"
LANGUAGES = [("es", "Español")]
STATIC_URL, MEDIA_URL, MEDIA_ROOT = "/static/", "/media/", DATA / "media"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
OSCAR_SHOP_NAME, OSCAR_DEFAULT_CURRENCY = "Lámparas Ana", "EUR"
"""
_URLS = """
from django.apps import apps
from django.urls import include, path
urlpatterns = [path("i18n/", include("django.conf.urls.i18n")), path("", include(apps.get_app_config("oscar").urls[0]))]
"""
# Every shop brings its own page for this step; this one shows the card form that comes with Oscar.
_CARD = """{% extends "oscar/checkout/checkout.html" %}{% load i18n payment_form %}
{% block payment_details %}<form method="post" action="{% url 'checkout:preview' %}">{% csrf_token %}
{% card_form as form %}{% include "oscar/partials/form_fields.html" %}
<button type="submit" class="btn btn-lg btn-primary">{% trans "Continue" %}</button></form>{% endblock %}"""
_CARD_TAG = """
from django import template
from oscar.apps.payment.forms import BankcardForm
register = template.Library()
register.simple_tag(lambda: BankcardForm(), name="card_form")
"""
_CONTENT = """
from decimal import Decimal
from django.contrib.auth.models import User
from oscar.apps.address.models import Country
from oscar.apps.catalogue.models import Category, Product, ProductClass
from oscar.apps.partner.models import Partner, StockRecord
User.objects.create_user("ann", {user!r}, {password!r}, first_name="Ana", last_name="Campo")
Country.objects.create(iso_3166_1_a2="ES", iso_3166_1_a3="ESP", iso_3166_1_numeric="724", name="Reino de España",
    printable_name="España", is_shipping_country=True)
kind = ProductClass.objects.create(name="Lámpara", track_stock=False)
shelf, partner = Category.add_root(name="Lámparas"), Partner.objects.create(name="Ana")
for number, name in enumerate(("Lámpara de mesa", "Lámpara de pie", "Farol de jardín"), 1):
    product = Product.objects.create(title=name, product_class=kind, upc=str(number), description="Da una luz cálida.")
    product.categories.add(shelf)
    StockRecord.objects.create(product=product, partner=partner, partner_sku=str(number), price=Decimal("19.90"), price_currency="EUR")
"""


def install(folder: Path) -> None:
    """Put it into `folder`, once."""
    pypi.installed(folder, "oscar", "django-oscar[sorl-thumbnail]==4.2.1", "whoosh==2.7.4")


@contextmanager
def started(place: Place) -> Iterator[Mapping[str, Backend]]:
    data, port, python = place.work / "oscar", free_port(), place.folder / "oscar/bin/python"
    for name, text in {
        "shop_settings.py": _SETTINGS,
        "shop_urls.py": _URLS,
        "cards/__init__.py": "",
        "cards/templatetags/__init__.py": "",
        "cards/templatetags/payment_form.py": _CARD_TAG,
        "templates/oscar/checkout/payment_details.html": _CARD,
    }.items():
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_text(text, encoding="utf-8")
    settings = {"DJANGO_SETTINGS_MODULE": "shop_settings", "SHOP_DATA": str(data), "SHOP_URL": place.url["shop"]}
    env = {**os.environ, **settings, "PYTHONPATH": str(data)}
    django: list[str | Path] = [python, "-m", "django"]
    stock = place.folder / "oscar-stock"
    if not stock.exists():  # 150 migrations take a minute; each run gets a copy
        (data / "stock").mkdir()
        content = _CONTENT.format(user=_LOGIN[0], password=_LOGIN[1])
        for arguments in (["migrate", "-v0"], ["shell", "-c", content], ["rebuild_index", "--noinput"]):
            subprocess.run([*django, *arguments], check=True, env=env, capture_output=True)
        shutil.copytree(data / "stock", stock)
    else:
        shutil.copytree(stock, data / "stock")
    serving = [*django, "runserver", "--noreload", f"127.0.0.1:{port}"]
    with running(serving, f"http://127.0.0.1:{port}/", place.work / "oscar.log", env=env):
        moves = {
            "/static/": "look",
            "/media/": "look",
            "/accounts/profile": "account",
            "/checkout/payment-details": "pay",
        }
        yield {name: Backend(port, moves) for name in place.url}


async def script(page: Page, url: Mapping[str, str]) -> None:
    await page.goto(url["shop"])
    await page.locator("#login_link").click()
    form = page.locator("#login_form")
    await form.locator("[name=login-username]").fill(_LOGIN[0])
    await form.locator("[name=login-password]").fill(_LOGIN[1])
    await form.locator("button").click()
    await page.locator("#logout_link").wait_for()
    await page.locator("#top_page a", has_text="Cuenta").click()
    await page.get_by_role("cell", name=_LOGIN[0]).wait_for()
    await page.goto(url["shop"] + "/catalogue/")
    await page.locator("article .btn-add-to-basket, article form button").first.click()
    await page.goto(url["shop"] + "/basket/")
    await page.locator("a[href$='/checkout/']").first.click()
    for name, value in {
        "first_name": "Ana",
        "last_name": "Campo",
        "line1": "Calle Mayor 1",
        "line4": "Madrid",
        "postcode": "28001",
    }.items():
        await page.locator(f"#new_shipping_address [name={name}]").fill(value)
    await page.locator("#new_shipping_address button[type=submit]").click()
    await page.locator("[name=number]").wait_for()


APP = App(
    name="oscar",
    about="a shop with a checkout of several pages; server-rendered",
    language="Spanish",
    hosts={
        "shop": "tienda.field.test",
        "look": "fotos.field.test",
        "account": "cuenta.field.test",
        "pay": "pago.field.test",
    },
    start=("shop", "/"),
    can=("login", "account-info", "payment"),
    install=install,
    started=started,
    script=script,
    cases=(
        entry_broken("untrusted-ca", "shop"),
        # The login leads to the profile, so that the browser's warning is what somebody sees who logs in.
        broken("account", "self-signed", login="failed", account_info="blocked", payment="blocked"),
        broken("pay", "expired", payment="failed"),
    ),
    login=_LOGIN,
)
