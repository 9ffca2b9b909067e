from review.payments import cashier_keys


def test_the_keys_are_made_once_and_readable_to_their_owner_only(tmp_path):
    first, again = cashier_keys.keys_in(tmp_path / "keys"), cashier_keys.keys_in(tmp_path / "keys")
    assert (first.secret, len(first.secret)) == (again.secret, 32)
    assert {path.stat().st_mode & 0o777 for path in first.folder.iterdir()} == {0o600}


def test_a_signature_holds_for_its_text_alone(keys):
    public = keys.provider.public_key()
    signed = cashier_keys.signature(keys.provider, "a=1")
    assert cashier_keys.is_signed(public, "a=1", signed) is True
    assert cashier_keys.is_signed(public, "a=2", signed) is False
    assert cashier_keys.is_signed(public, "a=1", "no base64!") is False


def test_alipay_signs_the_fields_in_the_order_of_their_names():
    assert cashier_keys.alipay_text({"b": "2", "sign": "x", "a": "1"}, without=("sign",)) == "a=1&b=2"


def test_wechats_window_is_signed_by_the_merchant_alone(keys):
    assert cashier_keys.wechat_window_is_signed(keys, {"signType": "RSA", "paySign": "bm8="}) is False


def test_a_request_to_wechat_is_signed_by_the_merchant_alone(keys):
    assert cashier_keys.wechat_request_is_signed(keys, "", "GET", "/v3", "") is False
