import os

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from candidates import encryption
from candidates.encryption import decrypt, encrypt, head_now, keyed_hash, seal, unseal

OTHER_KEY = b"\x01" * 32


def as_before(text, key):
    """Sealed as it was when nothing was bound: nonce, ciphertext and tag."""
    nonce = os.urandom(12)
    return nonce + AESGCM(key).encrypt(nonce, text.encode(), None)


@pytest.fixture(params=["aes", "sm4"])
def cipher(request, settings):
    settings.CIPHER = request.param


def test_the_same_text_is_sealed_differently_each_time_and_opens(cipher):
    first, second = (encrypt("100101199003070012", "a test") for _ in range(2))
    assert first != second
    assert [decrypt(one, "a test") for one in (first, second)] == ["100101199003070012"] * 2


def test_sealing_adds_as_many_bytes_as_it_says(cipher):
    assert len(seal(b"x" * 100, "here")) == 100 + encryption.OVERHEAD


@pytest.mark.parametrize("place", range(encryption.OVERHEAD + 11))
def test_a_value_of_which_any_byte_has_changed_does_not_open(cipher, place):
    sealed = bytearray(seal(b"13800000001", "here"))
    sealed[place] ^= 1
    with pytest.raises(encryption.Undecryptable):
        unseal(bytes(sealed), "here")


@pytest.mark.parametrize("length", [0, 1, 5, 6, 18, 33])
def test_what_is_too_short_to_be_sealed_does_not_open(cipher, length):
    with pytest.raises(encryption.Undecryptable):
        unseal(seal(b"13800000001", "here")[:length], "here")


def test_a_value_opens_only_where_it_was_put(cipher):
    with pytest.raises(encryption.Undecryptable):
        unseal(seal(b"13800000001", "here"), "there")


def test_what_was_sealed_for_one_purpose_opens_for_no_other(cipher):
    with pytest.raises(encryption.Undecryptable):
        decrypt(encrypt("13800000001", "a form"), "an import")


def test_an_old_key_still_opens_what_it_sealed_and_the_first_one_seals(cipher, settings):
    sealed, mine = encrypt("13800000001", "a test"), settings.FIELD_KEYS
    settings.FIELD_KEYS = [OTHER_KEY, *mine]
    assert decrypt(sealed, "a test") == "13800000001"
    fresh = encrypt("13800000001", "a test")
    settings.FIELD_KEYS = mine
    with pytest.raises(encryption.Undecryptable):
        decrypt(fresh, "a test")


def test_either_cipher_opens_what_the_other_has_sealed(settings):
    for sealing, opening in (("aes", "sm4"), ("sm4", "aes")):
        settings.CIPHER = sealing
        sealed = encrypt("13800000001", "a test")
        settings.CIPHER = opening
        assert decrypt(sealed, "a test") == "13800000001"


def test_the_head_says_whether_a_value_is_sealed_as_it_would_be_now(cipher, settings):
    sealed = seal(b"13800000001", "here")
    assert sealed.startswith(head_now())
    settings.FIELD_KEYS = [OTHER_KEY, *settings.FIELD_KEYS]
    assert not sealed.startswith(head_now())


def test_what_was_sealed_before_anything_was_bound_opens(settings):
    assert unseal(as_before("13800000001", settings.FIELD_KEYS[0]), "anywhere") == b"13800000001"


def test_nothing_unbound_opens_once_its_key_is_gone(settings):
    sealed = as_before("13800000001", settings.FIELD_KEYS[0])
    settings.FIELD_KEYS = [OTHER_KEY]
    with pytest.raises(encryption.Undecryptable):
        unseal(sealed, "anywhere")


def test_a_key_of_its_own_seals_what_the_field_keys_do_not_open(cipher):
    sealed = seal(b"picture", "here", OTHER_KEY)
    assert unseal(sealed, "here", [OTHER_KEY]) == b"picture"
    with pytest.raises(encryption.Undecryptable):
        unseal(sealed, "here")


@pytest.mark.parametrize("name", ["sha256", "sm3"])
def test_the_keyed_hash_is_64_hex_characters_and_needs_the_key(settings, name):
    settings.INDEX_HASH = name
    before = keyed_hash("13800000001")
    assert len(bytes.fromhex(before)) == 32
    assert keyed_hash("13800000001") == before
    settings.INDEX_KEY = b"\x02" * 32
    assert keyed_hash("13800000001") != before


def test_the_two_keyed_hashes_differ(settings):
    settings.INDEX_HASH = "sha256"
    one = keyed_hash("13800000001")
    settings.INDEX_HASH = "sm3"
    assert keyed_hash("13800000001") != one


# --- published vectors -----------------------------------------------------------------------------------------------


def test_sm4_gcm_gives_what_rfc_8998_publishes(monkeypatch):
    key = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
    monkeypatch.setattr(encryption, "sm4_key", lambda _: key)
    nonce = bytes.fromhex("00001234567800000000ABCD")
    bound = bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2")
    plain = bytes.fromhex("AA" * 8 + "BB" * 8 + "CC" * 8 + "DD" * 8 + "EE" * 8 + "FF" * 8 + "EE" * 8 + "AA" * 8)
    sealed = encryption.Sm4().seal(b"", nonce, plain, bound)
    assert sealed.hex().upper() == (
        "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735"
        "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D"
        "83DE3541E4C2B58177E065A9BF7B62EC"
    )
    assert encryption.Sm4().open(b"", nonce, sealed, bound) == plain


@pytest.mark.parametrize(
    ("text", "digest"),
    [
        (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
    ],
)
def test_sm3_gives_what_gb_t_32905_publishes(text, digest):
    work = hashes.Hash(hashes.SM3())
    work.update(text)
    assert work.finalize().hex() == digest


def test_hmac_with_sm3_is_rfc_2104s_over_sm3():
    def sm3(content):
        work = hashes.Hash(hashes.SM3())
        work.update(content)
        return work.finalize()

    key = b"\x07" * 32
    inner, outer = (bytes(byte ^ pad for byte in key.ljust(64, b"\0")) for pad in (0x36, 0x5C))
    assert encryption._sm3(key, b"13800000001") == sm3(outer + sm3(inner + b"13800000001"))


def test_aes_256_gcm_gives_what_nist_publishes():
    # GCM's test case 16 (McGrew and Viega), 256-bit key
    key = bytes.fromhex("feffe9928665731c6d6a8f9467308308" * 2)
    nonce = bytes.fromhex("cafebabefacedbaddecaf888")
    plain = bytes.fromhex(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
    )
    bound = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    assert encryption.Aes().seal(key, nonce, plain, bound).hex() == (
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
        "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
        "76fc6ece0f4e1768cddf8853bb2d551b"
    )
