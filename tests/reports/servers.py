"""What the probe says of a server: its chain, the diagnosis and the remedies, for each cause."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from flows.diagnosis import Cause, Certificate, ClientJudgement, Diagnosis, Evidence, Remedy, VerifyFault

NET = {
    Cause.EXPIRED: "net::ERR_CERT_DATE_INVALID",
    Cause.HOSTNAME_MISMATCH: "net::ERR_CERT_COMMON_NAME_INVALID",
    Cause.WEAK_PROTOCOL: "net::ERR_SSL_VERSION_OR_CIPHER_MISMATCH",
}


def certificate(
    subject: str, issuer: str, *, days: tuple[int, int] = (-80, 285), ca: bool = False, names: Sequence[str] = ()
) -> Certificate:
    at = datetime(2026, 11, 24, tzinfo=UTC)
    return Certificate(
        subject=f"CN={subject}",
        issuer=f"CN={issuer}",
        serial="4d2",
        not_before=at + timedelta(days[0]),
        not_after=at + timedelta(days[1]),
        names=tuple(names),
        key="EC P-256",
        signature="ecdsa-with-SHA256",
        sha256="ab" * 32,
        is_ca=ca,
        self_issued=subject == issuer,
    )


def chain_of(host: str, cause: Cause | None) -> tuple[Certificate, ...]:
    middle = certificate("Desk Intermediate R3", "Desk Root X1", ca=True, days=(-700, 1100))
    leaf = certificate(host, "Desk Intermediate R3", names=(host,))
    match cause:
        case Cause.EXPIRED:
            return certificate(host, "Desk Intermediate R3", names=(host,), days=(-368, -3)), middle
        case Cause.INCOMPLETE_CHAIN:
            return (leaf,)
        case Cause.HOSTNAME_MISMATCH:
            return certificate(
                "legacy.desk.test", "Desk Intermediate R3", names=("legacy.desk.test", "old.desk.test")
            ), middle
        case Cause.SELF_SIGNED:
            return (certificate(host, host, names=(host,), days=(-10, 3640)),)
        case Cause.UNTRUSTED_CA:
            root = certificate("Acme Internal Root", "Acme Internal Root", ca=True, days=(-900, 2700))
            return certificate(host, "Acme Internal Root", names=(host,)), root
    return leaf, middle


def diagnosis(host: str, cause: Cause | None, port: int = 443) -> Diagnosis:
    chain = chain_of(host, cause)
    faults = (
        (
            VerifyFault(
                10 if cause is Cause.EXPIRED else 20,
                0,
                "certificate has expired" if cause is Cause.EXPIRED else "unable to get local issuer certificate",
            ),
        )
        if cause
        else ()
    )
    evidence = Evidence(
        host,
        port,
        "127.0.0.1",
        host,
        datetime(2026, 11, 24, 9, 5, tzinfo=UTC),
        True,
        True,
        "TLSv1.3",
        "TLS_AES_256_GCM_SHA384",
        None,
        chain,
        faults,
        cause is not Cause.HOSTNAME_MISMATCH,
        ("TLSv1.2", "TLSv1.3"),
        False,
        None,
        "nginx/1.26",
        "Mozilla roots",
        "direct",
    )
    if cause is None:
        return Diagnosis(host, port, (), "The probe saw no fault.", "probe", evidence)
    why = {
        Cause.EXPIRED: "The leaf ended on 2026-11-21, 3 days before it was seen.",
        Cause.INCOMPLETE_CHAIN: "The server sends its leaf alone; «Desk Intermediate R3», which signed it, is missing.",
        Cause.HOSTNAME_MISMATCH: f"The certificate names legacy.desk.test and old.desk.test, not {host}.",
        Cause.SELF_SIGNED: "The leaf is its own issuer, and is in no trust store.",
    }.get(cause, "The root «Acme Internal Root» is in no public trust store.")
    lines = "ssl_certificate     /etc/nginx/tls/fullchain.pem;\nssl_certificate_key /etc/nginx/tls/privkey.pem;"
    remedies = (
        Remedy(
            cause,
            "nginx",
            "Renew the certificate and reload" if cause is Cause.EXPIRED else "Serve the whole chain",
            "Get a new certificate from the same authority, put leaf and intermediate into one file, and reload nginx.",
            f"certbot renew --cert-name {host}\nnginx -t && systemctl reload nginx"
            if cause is Cause.EXPIRED
            else lines,
            f"trustwalk probe {host}",
        ),
        Remedy(
            cause,
            "Apache httpd",
            "Name the full chain",
            "SSLCertificateFile takes leaf and intermediates in one file.",
            "SSLCertificateFile /etc/ssl/fullchain.pem",
            f"trustwalk probe {host}",
        ),
        Remedy(
            cause,
            "HAProxy",
            "One PEM with key, leaf and chain",
            "crt names a file with all three.",
            "bind :443 ssl crt /etc/haproxy/site.pem",
            f"trustwalk probe {host}",
        ),
    )
    clients = (
        ClientJudgement("chromium", "refuses", (cause,), "as seen in the run"),
        ClientJudgement("android-7", "refuses", (cause,)),
        ClientJudgement(
            "java-17",
            "accepts" if cause is Cause.INCOMPLETE_CHAIN else "refuses",
            () if cause is Cause.INCOMPLETE_CHAIN else (cause,),
            "fetches nothing by itself",
        ),
        ClientJudgement("ios", "not-observable"),
    )
    return Diagnosis(
        host,
        port,
        (cause,),
        why,
        "both",
        evidence,
        NET.get(cause, "net::ERR_CERT_AUTHORITY_INVALID"),
        remedies,
        clients,
    )
