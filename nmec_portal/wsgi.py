import gc
import os

import django
from django.urls import reverse

from materials.checks import require_libraries
from nmec_portal.handler import Handler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nmec_portal.settings")
django.setup(set_prefix=False)
application = Handler()
require_libraries()
reverse("admin:index")  # loads the addresses and their views: else the first request of each process waits for them
# what was made until here stays: the collector need not look at it again while requests are answered, and at what
# they leave not after every tenth
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 10, 10)
