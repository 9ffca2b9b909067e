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
# what has been loaded stays for good: the collector leaves it alone, and looks at what requests make less often
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 10, 10)
