from django.apps import AppConfig
from django.conf import settings
from django.core.checks import Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import autodiscover_modules


class CandidatesConfig(AppConfig):
    name = "candidates"
    verbose_name = "考生与报名"

    def ready(self):
        from candidates import checks
        from candidates.messages import sending

        try:
            sending.chain()
        except ImportError as error:
            raise ImproperlyConfigured(f"NMEC_SENDER={settings.SENDER!r} names no function.") from error
        if problems := checks.templates_are_of_kinds():
            raise ImproperlyConfigured(problems[0].msg)
        register(checks.mobiles_can_be_confirmed, deploy=True)
        register(checks.phones_are_reached, deploy=True)
        register(checks.codes_reach_somebody, deploy=True)
        register(checks.all_that_is_configured_is_asked, deploy=True)
        register(checks.every_sms_has_a_template, deploy=True)
        register(checks.keys_are_of_this_data, Tags.database)
        if settings.PRODUCTION and (problems := checks.mobiles_can_be_confirmed()):
            raise ImproperlyConfigured(problems[0].msg)
        autodiscover_modules("jobs")  # every app's jobs.py fills jobs.KINDS
