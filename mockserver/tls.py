"""Serving by TLS: a certificate that is given, or one made on request; and certificates that clients must show.

    --tls                         a certificate of its own, made for this start or kept in --tls-folder
    --tls-cert, --tls-key         one that is there
    --tls-client-ca               whoever shows no certificate of this authority is not spoken to (the handshake fails)

The rule: what cannot be served is told before a port is bound. A made key is readable by its owner alone, is never
printed, and is gone at the end unless a folder was named for it. A made certificate is for this machine's own names and
the host that is listened on, and signs nothing else, so trusting it trusts this portal only.
Source: RFC 5280, 4.2.1; RFC 9525, 6.3 (names stand in subjectAltName); CA/Browser BR 6.3.2 for how long it lasts.
"""

from __future__ import annotations

import datetime
import ipaddress
import os
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contracts.errors import UsageError

#: The files of a made certificate, in its folder.
CERTIFICATE, KEY = "portal.pem", "portal.key"
_DAYS = 397
_LOCAL = ("localhost", "127.0.0.1", "::1")
_EVERYWHERE = ("0.0.0.0", "::", "")


@dataclass(frozen=True)
class Tls:
    """What a server needs: PEM files of its certificate and key, and of the authority of its clients, if they must."""

    certificate: Path
    key: Path
    client_ca: Path | None = None

    def check(self) -> Tls:
        """The same; UsageError says which file cannot be used."""
        for path, option in ((self.certificate, "--tls-cert"), (self.key, "--tls-key")):
            _readable(path, option)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        try:
            context.load_cert_chain(self.certificate, self.key, password=_no_password)
        except (ssl.SSLError, ValueError) as error:
            why = "they are no certificate and its key" if isinstance(error, ssl.SSLError) else "the key is encrypted"
            raise UsageError(
                f"--tls-cert {self.certificate} and --tls-key {self.key}: {why}\n"
                "    what to do: give both as PEM, the certificate with those of its authorities, the key unencrypted"
            ) from error
        if self.client_ca is not None:
            _readable(self.client_ca, "--tls-client-ca")
            try:
                context.load_verify_locations(self.client_ca)
            except ssl.SSLError as error:
                raise UsageError(
                    f"--tls-client-ca {self.client_ca} holds no certificate\n    what to do: give an authority's as PEM"
                ) from error
        return self


def _no_password() -> str:
    raise ValueError  # the alternative would be to ask at the terminal


def _readable(path: Path, option: str) -> None:
    try:
        path.read_bytes()
    except OSError as error:
        raise UsageError(
            f"{option} {path} cannot be read: {error.strerror}\n    what to do: give a file in PEM"
        ) from error


@contextmanager
def made(host: str, folder: Path | None, client_ca: Path | None = None) -> Iterator[Tls]:
    """A certificate of our own while the block runs: in the folder, where it is used again, or else in a temporary one.

    Raises UsageError where it cannot be made or written.
    """
    if folder is not None:
        yield _kept(host, folder, client_ca)
        return
    import tempfile

    with tempfile.TemporaryDirectory(prefix="portal-tls-", ignore_cleanup_errors=True) as name:
        yield _kept(host, Path(name), client_ca)


def _kept(host: str, folder: Path, client_ca: Path | None) -> Tls:
    tls = Tls(folder / CERTIFICATE, folder / KEY, client_ca)
    if not _still_good(tls, _names(host)):
        certificate, key = make(_names(host))
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _write_private(tls.key, key)
            tls.certificate.write_bytes(certificate)
        except OSError as error:
            raise UsageError(
                f"--tls-folder {folder} cannot be written: {error.strerror}\n    what to do: name a folder of your own"
            ) from error
    return tls.check()


def _write_private(path: Path, data: bytes) -> None:
    with suppress(FileNotFoundError):
        path.unlink()
    # Windows knows no such mode; there a file has the rights of its folder.
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)


def _names(host: str) -> tuple[str, ...]:
    """What the portal is called: this machine's own names, the host, and the machine's name where all may come."""
    more = socket.gethostname() if host in _EVERYWHERE else host
    return tuple(dict.fromkeys((*_LOCAL, more)))


def _x509() -> Any:
    try:
        from cryptography import x509
    except ImportError as error:
        raise UsageError(
            "--tls makes a certificate with the package cryptography, which is not installed\n"
            '    what to do: python -m pip install ".[tls]" in the checkout, or give --tls-cert and --tls-key'
        ) from error
    return x509


def _general(name: str) -> Any:
    x509 = _x509()
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name.encode("idna").decode("ascii"))


def _still_good(tls: Tls, names: tuple[str, ...]) -> bool:
    """Whether the files hold a certificate for these names that lasts a day more."""
    x509 = _x509()
    try:
        found = x509.load_pem_x509_certificate(tls.certificate.read_bytes())
        there = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        tls.check()
    except (OSError, ValueError, x509.ExtensionNotFound, UsageError):
        return False
    tomorrow = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1)
    return found.not_valid_after_utc > tomorrow and all(_general(name) in there for name in names)


def make(names: tuple[str, ...]) -> tuple[bytes, bytes]:
    """A certificate for these names that is its own authority, and its key, both as PEM."""
    x509 = _x509()
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "stub portal")])
    now = datetime.datetime.now(datetime.UTC)
    uses = {"digital_signature": True, **dict.fromkeys(
        ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign",
         "encipher_only", "decipher_only"), False)}  # fmt: skip
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=_DAYS))
        .add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**uses), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(identifier, critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), critical=False)
        .sign(key, hashes.SHA256())
    )
    return (
        certificate.public_bytes(serialization.Encoding.PEM),
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
    )
