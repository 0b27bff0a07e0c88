"""Accents and case folded in the database, for generated columns: what fold() and words() of cchc/web/text.py do.

normalize() splits every Vietnamese letter into an ASCII one and its marks, so lower() is only needed for ASCII and the
result is the same under every locale of the server. The bodies name no other schema: a dump restores.
"""

from django.db import migrations

MARKS = r"\0300\0301\0302\0303\0304\0306\0307\0308\0309\030A\030B\030C\031B\0323\0327\0328"
# TAB, LF, CR, then printable ASCII that is neither letter nor digit, then quotation marks and dashes.
PUNCTUATION = (
    r"""\0009\000A\000D!"#$%&''()*+,-./:;<=>?@[\005C]^_`{|}~\00A0\00AB\00BB\2013\2014\2018\2019\201C\201D\2026"""
)
SPACES = " " * 45

FUNCTIONS = rf"""
CREATE FUNCTION cchc_fold(given text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN lower(translate(normalize(given, NFD), U&'\0111\0110{MARKS}', 'dd') COLLATE "C");

CREATE FUNCTION cchc_words(given text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN translate(cchc_fold(given), U&'{PUNCTUATION}', '{SPACES}');
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(FUNCTIONS, "DROP FUNCTION cchc_words(text); DROP FUNCTION cchc_fold(text);"),
    ]
