"""A shop for tests: django-oscar and its REST API, with a database of its own in a folder that is gone in the end, on the
loopback, at any free port. It says `ready` with its port once it answers, and ends when its standard input does. A line of
input is something that a clerk does, who has a page for it and no API: `status NUMBER WORD…` or `street NUMBER TEXT…`; it is
answered by `done`."""

import os
import sys
import tempfile
import threading
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
from django.conf import settings
from django.urls import include, path
from oscar import INSTALLED_APPS
from oscar import defaults


class NoMigrations(dict):
    """The tables as the models are: nothing is migrated to them."""

    def __contains__(self, app):
        return True

    def __getitem__(self, app):
        return None


folder = tempfile.TemporaryDirectory()
oscar = {name: getattr(defaults, name) for name in dir(defaults) if name.startswith("OSCAR_")}
oscar |= {
    "OSCAR_SHOP_NAME": "A shop for tests",
    "OSCAR_DEFAULT_CURRENCY": "GBP",
    "OSCAR_ALLOW_ANON_CHECKOUT": True,
    "OSCAR_INITIAL_ORDER_STATUS": "Pending",
    "OSCAR_ORDER_STATUS_PIPELINE": {
        "Pending": ("Paid", "Cancelled"),
        "Paid": ("Complete", "Cancelled"),
        "Complete": (),
        "Cancelled": (),
    },
    "OSCARAPI_INITIAL_ORDER_STATUS": "Pending",
    "OSCARAPI_BLOCK_ADMIN_API_ACCESS": False,
    "OSCAR_SEND_REGISTRATION_EMAIL": False,
}


def shown(name, more):
    """What the API shows, and what a declaration needs beside it."""
    return tuple(more) + tuple(field for field in name if field not in more)


ORDER = (
    "number basket url lines owner billing_address currency total_incl_tax total_excl_tax shipping_incl_tax "
    "shipping_excl_tax shipping_address shipping_method shipping_code status email date_placed payment_url "
    "offer_discounts voucher_discounts surcharges"
).split()
LINE = (
    "attributes url product stockrecord quantity price_currency price_excl_tax price_incl_tax "
    "price_incl_tax_excl_discounts price_excl_tax_excl_discounts order"
).split()

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    SECRET_KEY="tests",
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[*INSTALLED_APPS, "rest_framework", "oscarapi"],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": os.path.join(folder.name, "shop.sqlite"),
            "OPTIONS": {"timeout": 60, "transaction_mode": "IMMEDIATE"},
        }
    },
    MIGRATION_MODULES=NoMigrations(),
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "oscar.apps.basket.middleware.BasketMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
    AUTHENTICATION_BACKENDS=["oscar.apps.customer.auth_backends.EmailBackend"],
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
    HAYSTACK_CONNECTIONS={"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}},
    REST_FRAMEWORK={
        "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.LimitOffsetPagination",
        "PAGE_SIZE": 100,
        "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.BasicAuthentication"],
    },
    OSCARAPI_ORDER_FIELDS=shown(ORDER, ["id"]),
    OSCARAPI_ORDERLINE_FIELDS=shown(LINE, ["id", "partner_sku", "title"]),
    SITE_ID=1,
    STATIC_URL="/static/",
    MEDIA_ROOT=folder.name,
    USE_TZ=True,
    TIME_ZONE="Europe/London",
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    **oscar,
)
django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from oscar.core.loading import get_model  # noqa: E402
from oscar.test.factories import create_product  # noqa: E402

Order = get_model("order", "Order")
urlpatterns = [path("api/", include("oscarapi.urls"))]


def stock():
    """A clerk, the countries, and what is sold."""
    call_command("migrate", run_syncdb=True, verbosity=0)
    get_user_model().objects.create_superuser("clerk", "clerk@shop.example", "secret")
    country = get_model("address", "Country")
    for code, name in [("GB", "United Kingdom"), ("DE", "Germany")]:
        country.objects.create(iso_3166_1_a2=code, printable_name=name, name=name, is_shipping_country=True)
    for sku, title, price in [("BAG-22", "Handbag", 20), ("SCARF-7", "Scarf", 30), ("MUG-1", "Mug", 8)]:
        create_product(upc=sku, title=title, price=price, num_in_stock=1000, partner_sku=sku)


def clerk(words):
    """Does what a clerk does."""
    what, number, text = words.split(" ", 2)
    order = Order.objects.get(number=number)
    if what == "status":
        order.set_status(text)
    elif what == "street":
        order.shipping_address.line1 = text
        order.shipping_address.save()


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


stock()
WSGIServer.request_queue_size = 64
server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet)
threading.Thread(target=server.serve_forever, daemon=True).start()
print("ready", server.server_port, flush=True)
for said in sys.stdin:
    clerk(said.strip())
    print("done", flush=True)
