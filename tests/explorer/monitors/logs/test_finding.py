"""What a person reads of a log holds no secrets, and still says what failed."""

from __future__ import annotations

import pytest

from explorer.monitors.logs.finding import excerpt_of, redact

FAULT = "javax.net.ssl.SSLHandshakeException: Trust anchor for certification path not found."
SECRETS = (
    "https://mia:hunter2@shop.example/x",
    "proxy mia:hunter2@proxy.shop:8080",
    "https://shop.example/reset/hunter2a1b2c3d4e5f6/",
    "myapp://callback#code=hunter2",
    "mia@hunter2.example",
    "mia\\u0040hunter2.example",
    "Authorization: Token hunter2",
    'Authorization: Digest username="mia", response="hunter2"',
    "Proxy-Authorization: Negotiate hunter2",
    "Authorization: AWS4-HMAC-SHA256 Credential=a/b, Signature=hunter2",
    "x-api-key: k X-Auth-Token: hunter2",
    "passphrase=hunter2",
    "otp: hunter2",
    "pin=hunter2",
    "JSESSIONID=hunter2",
    '{"name":"sid","value":"hunter2"}',
    "curl -u mia:hunter2 -v",
    "-----BEGIN RSA PRIVATE KEY----- hunter2 -----END RSA PRIVATE KEY-----",
)


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_beside_a_failure_is_redacted_and_the_failure_stays(secret: str) -> None:
    told = excerpt_of(f"{FAULT} {secret}", 0, len(FAULT))
    assert "hunter2" not in told and FAULT in told
    assert FAULT in redact(f"{secret} | {FAULT}")


@pytest.mark.parametrize(
    "evidence",
    [
        "https://a1b2c3d4e5f6g7h8.cdn.example/help/how-to-restart",
        "Certificate pinning failure! pin: sha256/K87oWBWM9UZfyddvDfoxL+8lpNyoUB2ptGtn0fv6G2Q=",
        "connect to 10.0.0.1:443 at 12:30:45.123",
    ],
)
def test_hosts_pins_and_times_stay(evidence: str) -> None:
    assert redact(evidence) == evidence
