"""The real hasher, at its real cost."""

from typing import Any

from django.contrib.auth.hashers import check_password, identify_hasher, make_password


def test_argon2_with_the_least_cost_of_owasp(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["cchc.organization.hashers.Argon2"]
    kept = make_password("bốn con thuyền trôi")
    assert kept.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert check_password("bốn con thuyền trôi", kept)
    assert not check_password("bon con thuyen troi", kept)
    assert not identify_hasher(kept).must_update(kept)
