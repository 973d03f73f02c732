"""Whether the device at hand shows what the administration asks for before a part is opened on it.

Safe Exam Browser sends, with each request, SHA-256 of the address asked for (without fragment) followed by a key: the
Config Key stands for its settings, the Browser Exam Key for its settings and its version.
See https://safeexambrowser.org/developer/seb-config-key.html
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from hmac import compare_digest
from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import urldefrag

from sqlalchemy.orm import Session

from examapp.registration.entry_rules import WantedRules, overrides_of, rules_of
from examapp.registration.models import Registration

CONFIG_KEY_HEADER = "X-SafeExamBrowser-ConfigKeyHash"
BROWSER_EXAM_KEY_HEADER = "X-SafeExamBrowser-RequestHash"


class Check(StrEnum):
    NETWORK = "network"
    CONFIG_KEY = "config_key"
    BROWSER_EXAM_KEY = "browser_exam_key"


@dataclass(frozen=True)
class Device:
    """What a request says of the device it comes from."""

    address: str
    # The address asked for, by every name under which a browser may know this site.
    urls: Sequence[str]
    config_key_hash: str = ""
    request_hash: str = ""


@dataclass(frozen=True)
class Finding:
    check: Check
    met: bool
    # Whether the browser has sent anything to judge by.
    told: bool


def findings_on(rules: WantedRules, device: Device) -> list[Finding]:
    """Every rule of the device that is asked for, and whether it is met."""
    found = []
    if rules.allowed_networks:
        found.append(Finding(Check.NETWORK, is_within(device.address, rules.allowed_networks), told=True))
    for check, keys, sent in (
        (Check.CONFIG_KEY, rules.config_keys, device.config_key_hash),
        (Check.BROWSER_EXAM_KEY, rules.browser_exam_keys, device.request_hash),
    ):
        if keys:
            found.append(Finding(check, shows_key(sent, device.urls, keys), told=bool(sent)))
    return found


def refusals(session: Session, registration: Registration, device: Device) -> list[Finding]:
    """What keeps this candidate out on this device; nothing does once they were let in without."""
    failed = [finding for finding in findings_on(rules_of(registration.administration), device) if not finding.met]
    return [] if failed and overrides_of(session, registration) else failed


def is_within(address: str, networks: Iterable[str]) -> bool:
    try:
        place = ip_address(address)
    except ValueError:
        return False
    if isinstance(place, IPv6Address) and place.ipv4_mapped:
        place = place.ipv4_mapped
    return any(place in ip_network(network) for network in networks)


def shows_key(sent: str, urls: Iterable[str], keys: Iterable[str]) -> bool:
    keys = list(keys)
    return any(same(sent.strip().lower(), key_hash(url, key)) for url in urls for key in keys)


def key_hash(url: str, key: str) -> str:
    """What Safe Exam Browser sends for this key when it asks for this address."""
    return sha256((urldefrag(url).url + key).encode()).hexdigest()


def opens(expected: str, typed: str) -> bool:
    """Whether this is the access code as it was read out: capitals and spaces do not matter."""
    return same(heard(typed), heard(expected))


def heard(code: str) -> str:
    return "".join(code.casefold().split())


def same(one: str, other: str) -> bool:
    """In a time that does not tell how much of it is right."""
    return compare_digest(one.encode(), other.encode())
