"""The S3 store of the pictures fails before it has anything, with half of it, or when it has done all it was asked."""

from tests.faults.stand import Ground, stand
from tests.materials.files import faulty_store, s3_server

UPLOADS = 400
EACH = 25
EVERY = 2  # each second request; the portal asks a second time, so that many succeed
FAULTS = ("before", "half", "after", "")


def run(ground: Ground) -> str:
    with s3_server.provider() as provider, faulty_store.between(provider.options) as middle:
        backend = {"BACKEND": "materials.files.s3.PictureBucket", "OPTIONS": provider.options}
        with stand(ground, storage=backend, **environment(middle.options)) as here:
            with here.load(UPLOADS) as load:
                middle.every = EVERY
                for turn in load.each(EACH):
                    middle.fault = FAULTS[turn % len(FAULTS)]
            middle.fault = ""
            seconds = here.works_again()
    return f"{middle.spoilt} requests to the store spoilt, well again after {seconds:.1f} s; {here.seen()}"


def environment(options: dict) -> dict[str, str]:
    return {
        "NMEC_STORAGE": "s3",
        "NMEC_S3_ENDPOINT": options["endpoint_url"],
        "NMEC_S3_BUCKET": options["bucket_name"],
        "NMEC_S3_ACCESS_KEY": options["access_key"],
        "NMEC_S3_SECRET_KEY": options["secret_key"],
        "NMEC_S3_ADDRESSING": "path",
    }
