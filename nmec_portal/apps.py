from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    """The operators' back office at /admin/."""

    default_site = "nmec_portal.admin.BackOffice"
