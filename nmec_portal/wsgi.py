import os

from django.core.wsgi import get_wsgi_application

from materials.checks import require_libraries

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nmec_portal.settings")
application = get_wsgi_application()
require_libraries()
