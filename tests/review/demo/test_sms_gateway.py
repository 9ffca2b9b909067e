"""The demo's SMS gateway over HTTP: our senders speak to it as to the providers; its signatures are code of its own."""

import socket
from threading import Thread
from urllib.parse import urlencode

import pytest

from candidates.messages import sending
from candidates.messages.senders import https
from candidates.messages.senders.tencent import JSON
from candidates.messages.senders.terms import Letter
from nmec_portal import message_settings
from review.demo import sms_gateway
from review.demo.sms_gateway import MOODS, Gateway, Refusal, Request, check_aliyun, check_tencent
from review.payments.cashier import DIRECT
from tests.candidates.messages.senders.test_aliyun import EXAMPLE, FACTS
from tests.candidates.messages.senders.test_tencent import BODY

LETTER = Letter("returned", "13811112222", "", "", "", {"tail": "100017", "day": "3月8日", "time": "24:00"})
BOTH = pytest.mark.parametrize("name", ["aliyun", "tencent"])


@pytest.fixture
def gateway(settings, tmp_path):
    made = Gateway(sms_gateway.secret_in(tmp_path), holds=5)
    running = sms_gateway.server(socket.create_server(("127.0.0.1", 0)), made)
    Thread(target=running.serve_forever, args=[0.02], daemon=True).start()
    made.address = f"http://127.0.0.1:{running.server_port}"
    environ = sms_gateway.environment(tmp_path, made.address)
    settings.ALIYUN_SMS = message_settings.aliyun(environ, production=False, demo=True)
    settings.TENCENT_SMS = message_settings.tencent(environ, production=False, demo=True)
    yield made
    made.released.set()
    running.shutdown()
    running.server_close()


def send(name, letter=LETTER):
    return sending._sender(name).send(letter)


@BOTH
def test_what_is_sent_arrives_as_the_words_that_were_approved(gateway, name):
    answer = send(name)
    assert (answer.outcome, bool(answer.provider_id)) == ("sent", True)
    [sms] = gateway.taken
    assert sms.mobile in ("13811112222", "+8613811112222")
    assert (
        sms.words
        == "【医师资格考试】您的报名（编号尾号100017）被退回，请登录查看原因，并在3月8日24:00前补正后再次提交。"
    )


@BOTH
@pytest.mark.parametrize(
    ("mood", "outcome"),
    [
        ("limit", "later"),
        ("busy", "later"),
        ("template", "refused"),
        ("signature", "refused"),
        ("balance", "refused"),
        ("arrears", "refused"),
        ("blacklist", "unreachable"),
        ("number", "unreachable"),
        ("garbled", "perhaps"),
    ],
)
def test_each_error_of_the_provider_means_what_it_means(gateway, name, mood, outcome):
    gateway.mood = mood
    assert send(name).outcome == outcome


@BOTH
def test_silence_after_it_has_taken_the_message_leaves_it_open(gateway, name, monkeypatch):
    monkeypatch.setattr(https, "ANSWER", 0.2)
    gateway.mood = "silent"
    assert (send(name).outcome, len(gateway.taken)) == ("perhaps", 1)


@BOTH
def test_another_secret_is_refused_and_nothing_is_taken(gateway, name, settings):
    config = {"aliyun": settings.ALIYUN_SMS, "tencent": settings.TENCENT_SMS}[name]
    config["secret"] = "another"
    answer = send(name)
    assert (answer.outcome, answer.code in ("SignatureDoesNotMatch", "AuthFailure.SignatureFailure")) == (
        "refused",
        True,
    )
    assert list(gateway.taken) == []


@BOTH
@pytest.mark.parametrize("sms", [{"tail": "1"}, {"tail": "1234567", "day": "3月8日", "time": "24:00"}])
def test_parameters_that_the_template_does_not_take_are_refused(gateway, name, sms):
    assert send(name, Letter("returned", "13811112222", "", "", "", sms)).outcome == "refused"


def test_its_page_shows_what_arrived_and_chooses_what_is_answered(gateway):
    send("aliyun", Letter("code", "13811112222", "", "", "", {"code": "012345"}))
    chosen = urlencode({"mood": "limit"}).encode()
    with DIRECT.open(f"{gateway.address}/mood", data=chosen, timeout=10) as answer:
        page = answer.read().decode()
    assert "您的验证码是012345，10分钟内有效" in page
    assert (gateway.mood, '<option value="limit" selected>' in page) == ("limit", True)
    assert all(label in page for label, *_ in MOODS.values())


# --- its own reading of the signatures, against the providers' published examples


def published(signature):
    signed = {**FACTS, "x-acs-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}
    names = ";".join(sorted(signed))
    words = f"ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders={names},Signature={signature}"
    return Request("POST", "/", urlencode(EXAMPLE), {**signed, "authorization": words}, "")


def test_it_takes_the_published_example_of_aliyun_and_no_other_signature():
    key = {"secret": "YourAccessKeySecret", "key_id": "YourAccessKeyId", "now": 1698315752}
    right = "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    check_aliyun(published(right), **key)
    with pytest.raises(Refusal, match="SignatureDoesNotMatch"):
        check_aliyun(published(right[::-1]), **key)
    with pytest.raises(Refusal, match=r"InvalidTimeStamp\.Expired"):
        check_aliyun(published(right), **{**key, "now": 1698319752})


def test_it_takes_the_published_example_of_tencent_and_no_other_signature():
    def asked(signature):
        scope = "ID/2019-02-25/cvm/tc3_request"
        words = f"TC3-HMAC-SHA256 Credential={scope}, SignedHeaders=content-type;host, Signature={signature}"
        headers = {"content-type": JSON, "host": "cvm.tencentcloudapi.com", "x-tc-timestamp": "1551113065"}
        return Request("POST", "/", "", {**headers, "authorization": words}, BODY)

    key = {"secret": "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE", "key_id": "ID", "now": 1551113065}
    right = "72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"
    check_tencent(asked(right), **key)
    with pytest.raises(Refusal, match=r"AuthFailure\.SignatureFailure"):
        check_tencent(asked(right[::-1]), **key)
    with pytest.raises(Refusal, match=r"AuthFailure\.SignatureExpire"):
        check_tencent(asked(right), **{**key, "now": 1551116065})
