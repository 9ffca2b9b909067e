from django.apps import AppConfig
from django.core.checks import register


class MaterialsConfig(AppConfig):
    name = "materials"
    verbose_name = "材料"

    def ready(self):
        from materials import checks

        register(checks.printing, checks.TAG)
