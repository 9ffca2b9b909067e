import gc
import os

from django.core.wsgi import get_wsgi_application

from materials.checks import require_libraries

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nmec_portal.settings")
application = get_wsgi_application()
require_libraries()
# what was made until here stays: the collector need not look at it again while requests are answered
gc.collect()
gc.freeze()
