"""Stored text in the spelling that is stored today, and names found by their key. Old code may go on meanwhile."""

from django.contrib.postgres.indexes import OpClass
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models import F

from candidates.migrations._cleaning import clean_tables
from candidates.models.name_keys import NameKey

# text.name_key() as a function of the database: of a name taken apart (NFKD) the other shape of a character, letters
# that Unicode does not take apart, capitals; and without accents, spaces, apostrophes, full stops, dashes, dots
OTHER = (
    "䎛㦳搉曶槩䱎𣢧倂值𠮟吴呉填壿𡉟奬獎娯娱嬀帲𢖽𢗿恒悦户戸捝插揷搖摇敚晩棁樧涚潙𤽜硏𥑘𥘯税𥡴絶絚緖腁脱茉蔿虁蜕詽説謡豣跺躛輧𨓜郞鄉鄕鋭鎮𨺓隸黒𢬎𩿲"
    "ØøĐđĦħıŁłŦŧabcdefghijklmnopqrstuvwxyz"
)
AS = (
    "㖈㘽㩁㫚㮣䱍䶾併値叱吳吳塡墫壯奨奨娛娛媯帡志怽恆悅戶戶挩挿挿揺揺敓晚梲榝涗溈皌研砞祙稅稽絕絙緒胼脫苿蒍蘷蛻訮說謠豜跥躗軿逸郎郷郷銳鎭隆隷黑𢫮𩿣"
    "OODDHHILLTTABCDEFGHIJKLMNOPQRSTUVWXYZ"
)
DROPPED = "".join(map(chr, range(0x300, 0x370))) + " ''.-\u00b7"
NAME_KEY = f"""
CREATE OR REPLACE FUNCTION candidates_name_key(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN translate(normalize(name, NFKD), '{OTHER}{DROPPED}', '{AS}')
"""

TABLES = {
    "candidates_application": (
        *("name", "email", "address", "postcode", "school", "major", "diploma_number", "academic_degree"),
        *("degree_number", "employer_name", "employer_address", "employer_postcode", "employer_registration_number"),
        *("employer_legal_representative", "employer_telephone", "post", "trial_name", "trial_address"),
        *("trial_postcode", "trial_registration_number", "trial_legal_representative", "trial_telephone"),
        *("licence_number", "practice_number", "further_institutions", "document_number", "mobile"),
    ),
    "candidates_account": ("name", "email", "document_number", "mobile"),
    "candidates_announcement": ("title", "text"),
    "candidates_examcategory": ("name",),
    "candidates_medicalinstitution": (
        *("registration_number", "name", "address", "postcode", "legal_representative", "telephone"),
    ),
    "candidates_unit": ("name", "address", "telephone", "hours"),
}


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("candidates", "0018_medical_institutions")]

    operations = [
        migrations.RunPython(clean_tables(TABLES), migrations.RunPython.noop),
        migrations.RunSQL(NAME_KEY, "DROP FUNCTION candidates_name_key"),
        *(
            AddIndexConcurrently(
                "application",
                models.Index(F(level), OpClass(NameKey("name"), "text_pattern_ops"), name=f"name_keys_of_{level}"),
            )
            for level in ("region", "site", "point")
        ),
        *(RemoveIndexConcurrently("application", f"names_of_{level}") for level in ("region", "site", "point")),
    ]
