#!/usr/bin/python3
"""Drives a live prekey server through an XMPP server and prints TAP.

    otrv4_suite.py --host 127.0.0.1 --port 5222 --component prekey.example.org
        --alice alice@example.org PASSWORD --bob bob@example.org PASSWORD
        --stranger stranger@example.net PASSWORD --admin admin@example.org PASSWORD [--skip-commands] [--only TEXT]

Users of alice's domain may publish, the stranger may retrieve only, the admin may administrate. The connections are not
encrypted: run it on one machine. Nobody else may use these accounts meanwhile. Devices of alice and admin are left
behind for an hour at most; with commands those of alice are deleted. Set the server's limits by sender so that some
thousand requests within two minutes pass.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import dataclasses
import random
import re
import secrets
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from datetime import datetime, timezone

import suite_xmpp as xmpp
from suite_xmpp import DISCO_INFO, DISCO_ITEMS, PREKEEPER, Promises, Refusal, StanzaError, User, check, refused, same

import otrv4 as o
from otrv4 import DEPLOYED, DRAFTS, SPEC, Device, Draft, Failure, Handshake, KeyPair, StorageStatus, Success

FEATURES = (
    DISCO_INFO,
    DISCO_ITEMS,
    "http://jabber.org/protocol/otrv4-prekey-server",
    PREKEEPER,
    xmpp.COMMANDS,
    "jabber:iq:version",
    "jabber:iq:last",
    "urn:xmpp:time",
    "urn:xmpp:ping",
)
FORM_FIELDS = {
    "fingerprint-deployed": r"[0-9A-F]{112}",
    "fingerprint-spec": r"[0-9A-F]{112}",
    "public-key": r"[0-9a-f]{114}",
    "max-message-bytes": r"[0-9]+",
    "max-publication-bytes": r"[0-9]+",
    "max-prekey-messages": r"[0-9]+",
    "max-devices": r"[0-9]+",
    "low-mark": r"[0-9]+",
}

MALFORMED = Refusal("modify", "bad-request", "malformed")
UNSUPPORTED_VERSION = Refusal("modify", "not-acceptable", "unsupported-version")
INVALID = Refusal("auth", "not-authorized", "invalid")
EXPIRED = Refusal("modify", "not-acceptable", "expired")
NO_HANDSHAKE = Refusal("modify", "unexpected-request", "no-handshake")
TOO_LARGE = Refusal("modify", "not-acceptable", "too-large")
PUBLISHER_NOT_ALLOWED = Refusal("auth", "forbidden", "publisher-not-allowed")
NOT_ONE_CHILD = Refusal("modify", "bad-request")
UNKNOWN_NODE = Refusal("cancel", "item-not-found")
UNKNOWN_IQ = Refusal("cancel", "service-unavailable")

PHONE, TABLET, ADMINS = 0xA11CE001, 0xA11CE002, 0xAD314001
"""Instance tags of alice, and one of admin. Each test publishes with a new long-term key, which replaces the old."""

LIFETIME = 3600


# ---------------------------------------------------------------------------------------------------------------------
# Bindings


@dataclasses.dataclass(frozen=True)
class IqBinding:
    """Prekeeper's own: the answer is that of the IQ, and refusals are stanza errors."""

    patience: float
    """How many seconds it waits when it is asked to try again."""

    async def request(self, user: User, name: str, text: str, **attributes: str) -> str:
        """Sends the text in an element of this name and returns that of the result, empty if there is none."""
        while True:
            try:
                result = await user.iq("set", xmpp.element(PREKEEPER, name, text, **attributes))
                break
            except StanzaError as error:
                seconds = asked_to_wait(error)
                if not 0 < seconds <= self.patience:
                    raise
                await asyncio.sleep(seconds)
        if not len(result):
            return ""
        same([f"{{{PREKEEPER}}}{name}"], [child.tag for child in result], "elements of an IQ result")
        return result[0].text or ""

    async def exchange(self, user: User, name: str, message: bytes) -> bytes:
        return o.unarmour(await self.request(user, name, o.armour(message)))

    def __str__(self) -> str:
        return "iq"


def asked_to_wait(error: StanzaError) -> float:
    """The seconds of <retry/>, 0 in any other error."""
    retry = error.application
    if error.condition != "resource-constraint" or retry is None or retry.tag != f"{{{PREKEEPER}}}retry":
        return 0
    return float(retry.get("seconds", "0"))


class MessageBinding:
    """What existing clients speak: the answer is a message, and refusals are silence."""

    async def exchange(self, user: User, name: str, message: bytes) -> bytes:
        user.send(o.armour(message))
        return o.unarmour(body_of(await user.answer()))

    def __str__(self) -> str:
        return "messages"


Binding = IqBinding | MessageBinding
IQ, IQ_ONCE, MESSAGES = IqBinding(patience=5), IqBinding(patience=0), MessageBinding()
BINDINGS: tuple[Binding, ...] = (IQ, MESSAGES)


def body_of(message: ET.Element) -> str:
    bodies = message.findall(f"{{{xmpp.CLIENT}}}body")
    same(1, len(bodies), "bodies of a message")
    return bodies[0].text or ""


# ---------------------------------------------------------------------------------------------------------------------
# What clients do


@dataclasses.dataclass
class World:
    """The users, connected, and what they are connected to."""

    host: str
    component: str
    alice: User
    tablet: User
    """A second resource of alice."""
    bob: User
    stranger: User
    admin: User

    @property
    def users(self) -> tuple[User, ...]:
        return self.alice, self.tablet, self.bob, self.stranger, self.admin


def new_device(draft: Draft, tag: int = PHONE, versions: bytes = b"4", long_term: KeyPair | None = None) -> Device:
    return Device.make(draft, tag, int(time.time()) + LIFETIME, versions, long_term)


def passing_device(draft: Draft) -> Device:
    """One with a tag of its own, since a notice comes once an hour a device; it soon expires, to burden no quota."""
    return Device.make(draft, random_tag(), int(time.time()) + 60)


def flipped(encoded: bytes, at: int = -1) -> bytes:
    changed = bytearray(encoded)
    changed[at] ^= 1
    return bytes(changed)


async def shake_hands(user: User, device: Device, binding: Binding) -> Handshake:
    """DAKE-1 and a verified DAKE-2."""
    handshake = Handshake(device, user.bare, user.component)
    handshake.on_dake2(await binding.exchange(user, "dake", handshake.dake1()))
    return handshake


Answer = Success | Failure | StorageStatus


async def finish(
    user: User, handshake: Handshake, inner: bytes, binding: Binding, name: str = "publish"
) -> Answer:
    """DAKE-3 and its authenticated answer."""
    return handshake.on_answer(await binding.exchange(user, name, handshake.dake3(inner)))


async def publish(
    user: User,
    device: Device,
    prekeys: list[o.OneTimeKeys],
    binding: Binding = IQ,
    client_profile: bool = True,
    prekey_profile: bool = True,
) -> None:
    """Publishes with a handshake of its own, and expects success."""
    handshake = await shake_hands(user, device, binding)
    publication = handshake.publication(
        prekeys,
        device.client_profile if client_profile else None,
        device.prekey_profile if prekey_profile else None,
        device.shared_prekey,
    )
    answer = await finish(user, handshake, publication.encode(handshake.keys), binding)
    same(Success(), answer, "answer to a publication")


async def storage_status(user: User, device: Device, binding: Binding = IQ) -> int:
    handshake = await shake_hands(user, device, binding)
    answer = await finish(user, handshake, handshake.storage_request(), binding, "status")
    check(isinstance(answer, StorageStatus), f"a storage status is answered by {answer}")
    assert isinstance(answer, StorageStatus)
    return answer.count


async def query(
    user: User,
    identity: str,
    binding: Binding = IQ,
    versions: bytes = b"4",
    sender: int | None = None,
) -> o.Retrieval:
    """Asks, and verifies all that comes; by default as a device that has published nothing."""
    sender = sender or random_tag()
    answer = await binding.exchange(user, "query", o.ensemble_query(sender, identity, versions))
    return o.read_retrieval(answer, sender, identity, time.time())


def random_tag() -> int:
    return random.randrange(0x1000, 1 << 31)


async def stock(
    world: World, device: Device, count: int, binding: Binding = IQ, drain: bool = True
) -> list[o.OneTimeKeys]:
    """Makes alice an account whose only device with prekey messages is this one, and publishes `count` of them."""
    await publish(world.alice, device, [])
    while drain and (await query(world.bob, world.alice.bare)).ensembles:
        pass
    prekeys = device.prekeys(count)
    await publish(world.alice, device, prekeys, binding, client_profile=False, prekey_profile=False)
    return prekeys


def only_message(retrieval: o.Retrieval, device: Device) -> o.PrekeyMessage:
    """Checks that there is one ensemble, with just this device's profiles; returns its prekey message."""
    same(1, len(retrieval.ensembles), "ensembles")
    (ensemble,) = retrieval.ensembles
    same(device.draft, retrieval.draft, "draft of an answer")
    same(device.client_profile, ensemble.client_profile, "Client Profile of an ensemble")
    same(device.prekey_profile, ensemble.prekey_profile, "Prekey Profile of an ensemble")
    return ensemble.message


async def read_form(user: User, form_type: str) -> xmpp.Form | None:
    """The form of this type in disco#info of the component (XEP-0128)."""
    info = await user.get(DISCO_INFO)
    forms = [xmpp.Form.read(x) for x in info.findall(f"{{{xmpp.DATA_FORM}}}x")]
    found = [form for form in forms if "FORM_TYPE" in form.fields and form.field("FORM_TYPE").value == form_type]
    check(len(found) < 2, f"{len(found)} forms of {form_type}")
    return found[0] if found else None


async def limit(user: User, var: str, default: int) -> int:
    """A limit that the server announces."""
    form = await read_form(user, PREKEEPER)
    return int(form.fields[var].value) if form and var in form.fields else default


# ---------------------------------------------------------------------------------------------------------------------
# Discovery


discovery = Promises()


@discovery.promise()
async def the_host_lists_the_component(world: World) -> None:
    items = await world.alice.get(DISCO_ITEMS, to=world.host)
    check(world.component in [item.get("jid") for item in items], f"{world.component} is not among the items")


@discovery.promise()
async def the_first_and_only_identity_is_that_of_a_prekey_server(world: World) -> None:
    for user in (world.alice, world.stranger):
        info = await user.get(DISCO_INFO)
        identities = info.findall(f"{{{DISCO_INFO}}}identity")
        same(1, len(identities), "identities")
        expected = {"category": "auth", "type": "otr-prekey", "name": "OTR Prekey Server"}
        same(expected, identities[0].attrib, "identity")


@discovery.promise(feature=FEATURES)
async def a_feature_is_announced(world: World, feature: str) -> None:
    info = await world.alice.get(DISCO_INFO)
    features = [one.get("var") for one in info.findall(f"{{{DISCO_INFO}}}feature")]
    same(1, features.count(feature), "times announced")


@discovery.promise(namespace=(DISCO_INFO, DISCO_ITEMS))
async def an_unknown_node_is_not_found(world: World, namespace: str) -> None:
    await refused(UNKNOWN_NODE, world.alice.get(namespace, node="no-such-node"), "unknown node")


@discovery.promise()
async def the_items_are_the_deployed_fingerprint_of_the_key_in_dake2(world: World) -> None:
    handshake = await shake_hands(world.alice, new_device(DEPLOYED), IQ)
    items = await world.alice.get(DISCO_ITEMS)
    fingerprint = DEPLOYED.fingerprint(handshake.H_s)
    expected = [{"jid": world.component, "node": "fingerprint", "name": fingerprint}]
    same(expected, [item.attrib for item in items], "items")


@discovery.promise()
async def the_fingerprint_node_is_a_leaf(world: World) -> None:
    info = await world.alice.get(DISCO_INFO, node="fingerprint")
    identities = [(one.get("category"), one.get("type")) for one in info.findall(f"{{{DISCO_INFO}}}identity")]
    same([("hierarchy", "leaf")], identities, "identities")
    same(0, len(await world.alice.get(DISCO_ITEMS, node="fingerprint")), "items")


@discovery.promise(draft=DRAFTS)
async def the_form_tells_the_key_of_the_handshakes(world: World, draft: Draft) -> None:
    handshake = await shake_hands(world.alice, new_device(draft), IQ)
    form = await read_form(world.alice, PREKEEPER)
    check(form, f"no form {PREKEEPER}")
    assert form
    same(handshake.H_s.hex(), form.field("public-key").value, "public-key")
    var = "fingerprint-spec" if draft is SPEC else "fingerprint-deployed"
    same(draft.fingerprint(handshake.H_s), form.field(var).value, var)


@discovery.promise(var=tuple(FORM_FIELDS))
async def the_form_has_a_field(world: World, var: str) -> None:
    form = await read_form(world.alice, PREKEEPER)
    check(form, f"no form {PREKEEPER}")
    assert form
    value = form.field(var).value
    check(re.fullmatch(FORM_FIELDS[var], value), f"{var} is {value!r}")


@discovery.promise()
async def contact_addresses_are_uris_if_there_are_any(world: World) -> None:
    form = await read_form(world.stranger, "http://jabber.org/network/serverinfo")
    for var, field in form.fields.items() if form else ():
        if var != "FORM_TYPE":
            check(var.endswith("-addresses"), f"{var} in contact data")
            for value in field.values:
                check(re.match(r"[a-z]+:", value), f"{var} is {value!r}")


@discovery.promise()
async def the_version_is_told(world: World) -> None:
    version = await world.stranger.get("jabber:iq:version")
    for name in ("name", "version"):
        check(version.findtext(f"{{jabber:iq:version}}{name}"), f"no {name} in {xmpp.show(version)}")


@discovery.promise()
async def the_time_since_start_is_told(world: World) -> None:
    seconds = (await world.stranger.get("jabber:iq:last")).get("seconds", "")
    check(re.fullmatch(r"[0-9]+", seconds), f"seconds is {seconds!r}")


@discovery.promise()
async def the_time_by_which_profiles_expire_is_told(world: World) -> None:
    told = await world.stranger.get("urn:xmpp:time", "time")
    utc = told.findtext("{urn:xmpp:time}utc", "")
    same("+00:00", told.findtext("{urn:xmpp:time}tzo"), "time zone")
    apart = abs(time.time() - datetime.strptime(utc, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc).timestamp())
    check(apart < 60, f"the time is {utc}")


@discovery.promise()
async def a_ping_is_answered(world: World) -> None:
    same(0, len(await world.stranger.iq("get", xmpp.element("urn:xmpp:ping", "ping"))), "elements in a pong")


# ---------------------------------------------------------------------------------------------------------------------
# Publication, status, retrieval


flows = Promises()


@flows.promise(draft=DRAFTS, binding=BINDINGS)
async def what_is_published_is_counted_and_handed_out_once(world: World, draft: Draft, binding: Binding) -> None:
    device = new_device(draft)
    prekeys = await stock(world, device, 3, binding)
    same(3, await storage_status(world.alice, device, binding), "status")
    alice = world.alice.bare
    for left, (retriever, expected) in enumerate(zip((world.stranger, world.bob, world.stranger), prekeys), start=1):
        message = only_message(await query(retriever, alice, binding), device)
        same(expected.message, message, "prekey message, oldest first")
        same(3 - left, await storage_status(world.alice, device, binding), "status")
    for retriever in (world.bob, world.stranger):
        same((), (await query(retriever, alice, binding)).ensembles, "ensembles")


@flows.promise(draft=DRAFTS, binding=BINDINGS)
async def one_publication_may_hold_everything(world: World, draft: Draft, binding: Binding) -> None:
    device = new_device(draft)
    await publish(world.alice, device, device.prekeys(2), binding)
    same(2, await storage_status(world.alice, device, binding), "status")


@flows.promise(draft=DRAFTS)
async def parts_may_be_published_one_by_one(world: World, draft: Draft) -> None:
    device = new_device(draft)
    await stock(world, device, 0)
    renewed = new_device(draft, long_term=device.long_term)
    await publish(world.alice, renewed, [], client_profile=True, prekey_profile=False)
    await publish(world.alice, renewed, [], client_profile=False, prekey_profile=True)
    prekeys = renewed.prekeys(1)
    await publish(world.alice, renewed, prekeys, client_profile=False, prekey_profile=False)
    await publish(world.alice, renewed, [], client_profile=False, prekey_profile=False)
    same(prekeys[0].message, only_message(await query(world.bob, world.alice.bare), renewed), "prekey message")


@flows.promise(draft=DRAFTS)
async def a_large_publication_is_taken(world: World, draft: Draft) -> None:
    device = new_device(draft)
    count = min(60, await limit(world.alice, "max-prekey-messages", 60))
    await publish(world.alice, device, device.prekeys(count))
    same(count, await storage_status(world.alice, device), "status")


@flows.promise(draft=DRAFTS)
async def prekeys_wait_for_the_client_profile_of_their_key(world: World, draft: Draft) -> None:
    old, new = new_device(draft), new_device(draft)
    old_prekeys = await stock(world, old, 2)
    new_prekeys = new.prekeys(1)
    await publish(world.alice, new, new_prekeys, client_profile=False)
    same(1, await storage_status(world.alice, new), "status of what waits")
    same(2, await storage_status(world.alice, old), "status of what is in use")
    same(old_prekeys[0].message, only_message(await query(world.bob, world.alice.bare), old), "prekey message")
    await publish(world.alice, new, [], client_profile=True, prekey_profile=False)
    same(new_prekeys[0].message, only_message(await query(world.bob, world.alice.bare), new), "prekey message")
    same(0, await storage_status(world.alice, old), "status of what was replaced")


@flows.promise(draft=DRAFTS)
async def a_new_long_term_key_replaces_everything(world: World, draft: Draft) -> None:
    old, new = new_device(draft), new_device(draft)
    await stock(world, old, 2)
    await publish(world.alice, new, [], prekey_profile=False)
    same(0, await storage_status(world.alice, old), "status of the old key")
    await publish(world.alice, new, new.prekeys(1), client_profile=False, prekey_profile=False)
    same((), (await query(world.bob, world.alice.bare)).ensembles, "ensembles without a Prekey Profile of the new key")


@flows.promise(draft=DRAFTS)
async def a_repeated_publication_stores_nothing_twice(world: World, draft: Draft) -> None:
    device = new_device(draft)
    prekeys = await stock(world, device, 2)
    await publish(world.alice, device, prekeys)
    same(2, await storage_status(world.alice, device), "status after a repetition")
    only_message(await query(world.bob, world.alice.bare), device)
    await publish(world.alice, device, prekeys)
    same(1, await storage_status(world.alice, device), "status after a repetition of what was handed out")
    same(prekeys[1].message, only_message(await query(world.bob, world.alice.bare), device), "prekey message")
    same((), (await query(world.bob, world.alice.bare)).ensembles, "ensembles")


@flows.promise(draft=DRAFTS)
async def an_expired_prekey_profile_is_refused(world: World, draft: Draft) -> None:
    device = new_device(draft)
    past = o.PrekeyProfile.make(draft, device.tag, device.long_term, device.shared_prekey.public, int(time.time()) - 5)
    handshake = await shake_hands(world.alice, device, IQ)
    publication = handshake.publication([], device.client_profile, past, device.shared_prekey)
    same(Failure(), await finish(world.alice, handshake, publication.encode(handshake.keys), IQ), "answer")


@flows.promise(draft=DRAFTS, binding=BINDINGS)
async def every_device_gives_one_ensemble_the_last_to_expire_first(
    world: World, draft: Draft, binding: Binding
) -> None:
    phone = new_device(draft)
    on_phone = await stock(world, phone, 1)
    now = int(time.time())
    tablet = Device.make(draft, TABLET, now + LIFETIME + 60)
    on_tablet = tablet.prekeys(1)
    await publish(world.alice, tablet, on_tablet)
    retrieval = await query(world.bob, world.alice.bare, binding)
    found = [(ensemble.client_profile, ensemble.message) for ensemble in retrieval.ensembles]
    expected = [(tablet.client_profile, on_tablet[0].message), (phone.client_profile, on_phone[0].message)]
    same(expected, found, "ensembles")


@flows.promise(draft=DRAFTS)
async def versions_choose_among_devices(world: World, draft: Draft) -> None:
    device = new_device(draft, versions=b"34")
    await stock(world, device, 4)
    alice = world.alice.bare
    for versions in (b"5", b"", b"x12"):
        same((), (await query(world.bob, alice, versions=versions)).ensembles, f"ensembles for {versions!r}")
    for versions in (b"3", b"4", b"x9 3", b"12345"):
        only_message(await query(world.bob, alice, versions=versions), device)


@flows.promise(binding=BINDINGS)
async def an_unknown_account_looks_like_an_empty_one(world: World, binding: Binding) -> None:
    await stock(world, new_device(SPEC), 0)
    sender = random_tag()
    nobody = "nobody" + world.alice.bare
    for identity in (world.alice.bare, nobody, "no jid at all @@", "", world.component):
        answer = await binding.exchange(world.bob, "query", o.ensemble_query(sender, identity))
        text = o.DATA(o.NO_ENSEMBLES_TEXT.encode())
        same(o.header(0x0E) + o.INT(sender) + o.DATA(identity.encode()) + text, answer, f"answer for {identity!r}")


@flows.promise(draft=DRAFTS)
async def an_identity_is_prepared_and_repeated_as_written(world: World, draft: Draft) -> None:
    device = new_device(draft)
    await stock(world, device, 2)
    for identity in (world.alice.bare.upper(), world.alice.bare + "/somewhere"):
        only_message(await query(world.bob, identity), device)  # query checks that the answer repeats it


@flows.promise(draft=DRAFTS)
async def an_answer_has_the_draft_of_the_retrievers_device(world: World, draft: Draft) -> None:
    other = DEPLOYED if draft is SPEC else SPEC
    own = new_device(draft, ADMINS)
    await publish(world.admin, own, [])
    phone = new_device(draft)
    await stock(world, phone, 1)
    tablet = new_device(other, TABLET)
    await publish(world.alice, tablet, tablet.prekeys(2))
    alice = world.alice.bare
    only_message(await query(world.admin, alice, sender=own.tag), phone)
    same((), (await query(world.admin, alice, sender=own.tag)).ensembles, "ensembles of the draft")
    only_message(await query(world.admin, alice), tablet)  # a tag that is not published: the account's last draft
    only_message(await query(world.bob, alice, sender=own.tag), tablet)  # the tag of somebody else's device


@flows.promise(draft=DRAFTS)
async def a_device_may_change_its_draft(world: World, draft: Draft) -> None:
    """With the same key, so that the profiles in use are of two drafts for a while."""
    old = new_device(draft)
    await stock(world, old, 1)
    other = DEPLOYED if draft is SPEC else SPEC
    new = new_device(other, long_term=old.long_term)
    await publish(world.alice, new, [], prekey_profile=False)
    same((), (await query(world.bob, world.alice.bare)).ensembles, "ensembles with profiles of two drafts")
    await publish(world.alice, new, [])
    only_message(await query(world.bob, world.alice.bare), new)


@flows.promise(draft=DRAFTS)
async def concurrent_queries_never_share_a_message(world: World, draft: Draft) -> None:
    device = new_device(draft)
    prekeys = await stock(world, device, 6)
    queries = [query(user, world.alice.bare) for user in (world.bob, world.stranger, world.admin, world.alice) * 2]
    found = [ensemble.message for retrieval in await asyncio.gather(*queries) for ensemble in retrieval.ensembles]
    identifiers = sorted(message.identifier for message in found)
    same(sorted(keys.message.identifier for keys in prekeys), identifiers, "identifiers that were handed out")


# ---------------------------------------------------------------------------------------------------------------------
# Repeated queries


async def query_text(user: User, text: str, identifier: str | None) -> str:
    attributes = {} if identifier is None else {"id": identifier}
    return await IQ.request(user, "query", text, **attributes)


@flows.promise(draft=DRAFTS)
async def a_repeated_query_gets_the_same_answer_and_takes_nothing(world: World, draft: Draft) -> None:
    device = new_device(draft)
    await stock(world, device, 3)
    text, identifier = o.armour(o.ensemble_query(random_tag(), world.alice.bare)), secrets.token_hex(8)
    first = await query_text(world.bob, text, identifier)
    same(2, await storage_status(world.alice, device), "status after the first query")
    same(first, await query_text(world.bob, text, identifier), "answer to the repetition")
    same(2, await storage_status(world.alice, device), "status after the repetition")
    check(first != await query_text(world.bob, text, secrets.token_hex(8)), "another id gets the same answer")
    same(1, await storage_status(world.alice, device), "status after a query with another id")


@flows.promise(draft=DRAFTS)
async def another_requester_with_the_same_id_gets_an_answer_of_its_own(world: World, draft: Draft) -> None:
    device = new_device(draft)
    await stock(world, device, 2)
    sender, identifier = random_tag(), secrets.token_hex(8)
    text = o.armour(o.ensemble_query(sender, world.alice.bare))
    answers = [await query_text(user, text, identifier) for user in (world.bob, world.stranger)]
    messages = [
        only_message(o.read_retrieval(o.unarmour(answer), sender, world.alice.bare, time.time()), device)
        for answer in answers
    ]
    check(messages[0] != messages[1], "two requesters get the same prekey message")


@flows.promise(draft=DRAFTS)
async def every_query_without_an_id_takes_one(world: World, draft: Draft) -> None:
    device = new_device(draft)
    await stock(world, device, 2)
    text = o.armour(o.ensemble_query(random_tag(), world.alice.bare))
    check(await query_text(world.bob, text, None) != await query_text(world.bob, text, None), "the same answer twice")
    same(0, await storage_status(world.alice, device), "status")


# ---------------------------------------------------------------------------------------------------------------------
# Handshakes


handshakes = Promises()


@handshakes.promise(draft=DRAFTS)
async def a_handshake_serves_one_dake3(world: World, draft: Draft) -> None:
    handshake = await shake_hands(world.alice, new_device(draft), IQ)
    dake3 = handshake.dake3(handshake.storage_request())
    same(StorageStatus(0), handshake.on_answer(await IQ.exchange(world.alice, "status", dake3)), "first answer")
    await refused(NO_HANDSHAKE, IQ.exchange(world.alice, "status", dake3), "second DAKE-3")


@handshakes.promise(draft=DRAFTS)
async def a_wrong_ring_signature_is_invalid_and_ends_the_handshake(world: World, draft: Draft) -> None:
    handshake = await shake_hands(world.alice, new_device(draft), IQ)
    inner = handshake.storage_request()
    forged = handshake.dake3(inner, signer=KeyPair.generate())
    await refused(INVALID, IQ.exchange(world.alice, "status", forged), "DAKE-3 of another key")
    await refused(NO_HANDSHAKE, IQ.exchange(world.alice, "status", handshake.dake3(inner)), "the right one after it")


@handshakes.promise(draft=DRAFTS)
async def a_malformed_dake3_ends_the_handshake(world: World, draft: Draft) -> None:
    handshake = await shake_hands(world.alice, new_device(draft), IQ)
    dake3 = handshake.dake3(handshake.storage_request())
    await refused(MALFORMED, IQ.exchange(world.alice, "status", dake3 + b"\0"), "DAKE-3 with a trailing byte")
    await refused(NO_HANDSHAKE, IQ.exchange(world.alice, "status", dake3), "the right one after it")


@handshakes.promise(draft=DRAFTS)
async def a_dake3_of_another_device_leaves_the_handshake_alone(world: World, draft: Draft) -> None:
    handshake = await shake_hands(world.alice, new_device(draft), IQ)
    dake3 = handshake.dake3(handshake.storage_request())
    other = dake3[:3] + o.INT(TABLET) + dake3[7:]
    await refused(NO_HANDSHAKE, IQ.exchange(world.alice, "status", other), "DAKE-3 of another tag")
    same(StorageStatus(0), handshake.on_answer(await IQ.exchange(world.alice, "status", dake3)), "answer")


@handshakes.promise(draft=DRAFTS)
async def a_handshake_belongs_to_its_full_address(world: World, draft: Draft) -> None:
    handshake = await shake_hands(world.alice, new_device(draft), IQ)
    dake3 = handshake.dake3(handshake.storage_request())
    await refused(NO_HANDSHAKE, IQ.exchange(world.tablet, "status", dake3), "DAKE-3 of another resource")
    same(StorageStatus(0), handshake.on_answer(await IQ.exchange(world.alice, "status", dake3)), "answer")


@handshakes.promise(draft=DRAFTS, binding=BINDINGS)
async def a_handshake_may_go_on_in_the_other_binding(world: World, draft: Draft, binding: Binding) -> None:
    handshake = await shake_hands(world.alice, new_device(draft), binding)
    other = MESSAGES if binding is IQ else IQ
    answer = await finish(world.alice, handshake, handshake.storage_request(), other, "status")
    same(StorageStatus(0), answer, "answer")


@handshakes.promise(draft=DRAFTS)
async def a_new_dake1_replaces_the_handshake(world: World, draft: Draft) -> None:
    device = new_device(draft)
    first = await shake_hands(world.alice, device, IQ)
    second = await shake_hands(world.alice, device, IQ)
    check(first.S != second.S, "the server uses an ephemeral key twice")
    answer = await finish(world.alice, second, second.storage_request(), IQ, "status")
    same(StorageStatus(0), answer, "answer")
    old = first.dake3(first.storage_request())
    await refused(NO_HANDSHAKE, IQ.exchange(world.alice, "status", old), "DAKE-3 of the first")


@handshakes.promise(draft=DRAFTS)
async def a_refused_dake1_leaves_the_handshake_waiting(world: World, draft: Draft) -> None:
    device = new_device(draft)
    handshake = await shake_hands(world.alice, device, IQ)
    dake1 = handshake.dake1()
    signature = 7 + len(device.client_profile.encoded) - 1
    await refused(INVALID, IQ.exchange(world.alice, "dake", flipped(dake1, signature - 30)), "wrong DAKE-1")
    await refused(MALFORMED, IQ.exchange(world.alice, "dake", dake1[:-1]), "truncated DAKE-1")
    answer = await finish(world.alice, handshake, handshake.storage_request(), IQ, "status")
    same(StorageStatus(0), answer, "answer")


@handshakes.promise(draft=DRAFTS)
async def devices_of_one_address_shake_hands_at_the_same_time(world: World, draft: Draft) -> None:
    other = DEPLOYED if draft is SPEC else SPEC
    one = await shake_hands(world.alice, new_device(draft), IQ)
    two = await shake_hands(world.alice, new_device(other, TABLET), IQ)
    for handshake in (one, two):
        answer = await finish(world.alice, handshake, handshake.storage_request(), IQ, "status")
        same(StorageStatus(0), answer, "answer")


# ---------------------------------------------------------------------------------------------------------------------
# Authenticated refusals


Spoiler = Callable[[Handshake, Device, o.Publication], bytes]
"""Makes a wrong inner message of a right publication of three prekey messages and both profiles."""


def _replace(**parts: Callable[[Handshake, Device, o.Publication], object]) -> Spoiler:
    """Exchanges parts of the publication, and makes the MAC right again."""

    def spoil(handshake: Handshake, device: Device, right: o.Publication) -> bytes:
        changed = {name: make(handshake, device, right) for name, make in parts.items()}
        return dataclasses.replace(right, **changed).encode(handshake.keys)  # type: ignore[arg-type]

    return spoil


def _spoil_proof(which: int) -> Spoiler:
    """Flips a bit of one of the three proofs."""

    def proofs(handshake: Handshake, device: Device, right: o.Publication) -> bytes:
        ecdh = 64 + handshake.draft.scalar_bytes
        return flipped(right.proofs, (0, ecdh + 70, -ecdh)[which])

    return _replace(proofs=proofs)


def _prove(prekeys_of: Callable[[Handshake, Device], list[o.OneTimeKeys]]) -> Spoiler:
    """A publication of these prekey messages with right proofs and MAC."""

    def spoil(handshake: Handshake, device: Device, right: o.Publication) -> bytes:
        return handshake.publication(prekeys_of(handshake, device)).encode(handshake.keys)

    return spoil


def _same_identifier_twice(handshake: Handshake, device: Device) -> list[o.OneTimeKeys]:
    return [o.OneTimeKeys.generate(device.tag, 7), o.OneTimeKeys.generate(device.tag, 7)]


def _another_tag(handshake: Handshake, device: Device) -> list[o.OneTimeKeys]:
    return [o.OneTimeKeys.generate(device.tag + 1)]


def _order_two(handshake: Handshake, device: Device) -> list[o.OneTimeKeys]:
    """Y plus a point of order 2: the proof does not verify in general, and the point is no valid one."""
    keys = o.OneTimeKeys.generate(device.tag)
    Y = (o.Point.decode(keys.message.Y) + o.Point(0, o.p - 1)).encode()
    return [dataclasses.replace(keys, message=dataclasses.replace(keys.message, Y=Y))]


def _inner(make: Callable[[Handshake, bytes], bytes]) -> Spoiler:
    """Changes the encoded inner message."""
    return lambda handshake, device, right: make(handshake, right.encode(handshake.keys))


def _prekey_profile_signed_by(signer: KeyPair | None, owner: int = PHONE) -> Spoiler:
    def profile(handshake: Handshake, device: Device, right: o.Publication) -> bytes:
        D, expires = device.shared_prekey.public, device.prekey_profile.expires
        return o.PrekeyProfile.make(handshake.draft, owner, signer or device.long_term, D, expires).encoded

    return _replace(prekey_profile=profile)


def _other_draft(handshake: Handshake, device: Device, right: o.Publication) -> bytes:
    other = DEPLOYED if handshake.draft is SPEC else SPEC
    return new_device(other, long_term=device.long_term).client_profile.encoded


SPOILERS: dict[str, Spoiler] = {
    "wrong MAC": _inner(lambda _, right: flipped(right)),
    "trailing byte": _inner(lambda _, right: right + b"\0"),
    "truncated": _inner(lambda _, right: right[:-1]),
    "empty": _inner(lambda _, right: b""),
    "K is 2": _inner(lambda _, right: right[: 4 + 3 * 456] + b"\2" + right[5 + 3 * 456 :]),
    "N too large": _inner(lambda _, right: right[:3] + b"\4" + right[4:]),
    "unknown inner type": _inner(lambda _, right: right[:2] + b"\7" + right[3:]),
    "inner message of version 5": _inner(lambda _, right: b"\0\5" + right[2:]),
    "a query inside": _inner(lambda handshake, _: o.ensemble_query(handshake.tag, "alice@example.org")),
    "wrong MAC of a storage request": _inner(lambda handshake, _: flipped(handshake.storage_request())),
    "wrong ECDH proof of the messages": _spoil_proof(0),
    "wrong DH proof of the messages": _spoil_proof(1),
    "wrong ECDH proof of the profile": _spoil_proof(2),
    "no proofs": _replace(proofs=lambda *_: b""),
    "prekey message of another tag": _prove(_another_tag),
    "an identifier twice": _prove(_same_identifier_twice),
    "a Y outside of the subgroup": _prove(_order_two),
    "Client Profile of another key": _replace(client_profile=lambda h, *_: new_device(h.draft).client_profile.encoded),
    "Client Profile of another tag": _replace(
        client_profile=lambda h, d, _: new_device(h.draft, TABLET, long_term=d.long_term).client_profile.encoded
    ),
    "Client Profile of the other draft": _replace(client_profile=_other_draft),
    "Client Profile with a wrong signature": _replace(
        client_profile=lambda _, device, __: flipped(device.client_profile.encoded, -30)
    ),
    "Prekey Profile of another key": _prekey_profile_signed_by(KeyPair.generate()),
    "Prekey Profile of another tag": _prekey_profile_signed_by(None, TABLET),
}


@handshakes.promise(draft=DRAFTS, spoiler=tuple(SPOILERS))
async def a_wrong_publication_is_an_authenticated_failure(world: World, draft: Draft, spoiler: str) -> None:
    device = new_device(draft)
    handshake = await shake_hands(world.alice, device, IQ)
    right = handshake.publication(
        device.prekeys(3), device.client_profile, device.prekey_profile, device.shared_prekey
    )
    inner = SPOILERS[spoiler](handshake, device, right)
    same(Failure(), await finish(world.alice, handshake, inner, IQ), "answer")
    same(0, await storage_status(world.alice, device), "status")
    dake3 = handshake.dake3(right.encode(handshake.keys))
    await refused(NO_HANDSHAKE, IQ.exchange(world.alice, "publish", dake3), "the right one after it")


@handshakes.promise(draft=DRAFTS)
async def a_failure_comes_by_message_too(world: World, draft: Draft) -> None:
    handshake = await shake_hands(world.alice, new_device(draft), MESSAGES)
    wrong = flipped(handshake.storage_request())
    same(Failure(), await finish(world.alice, handshake, wrong, MESSAGES), "answer")


@handshakes.promise(draft=DRAFTS)
async def the_element_must_name_the_inner_message(world: World, draft: Draft) -> None:
    device = new_device(draft)
    handshake = await shake_hands(world.alice, device, IQ)
    inner = handshake.publication(device.prekeys(1)).encode(handshake.keys)
    same(Failure(), await finish(world.alice, handshake, inner, IQ, "status"), "publication in <status/>")
    same(0, await storage_status(world.alice, device), "status")
    handshake = await shake_hands(world.alice, device, IQ)
    answer = await finish(world.alice, handshake, handshake.storage_request(), IQ, "publish")
    same(Failure(), answer, "storage request in <publish/>")


# ---------------------------------------------------------------------------------------------------------------------
# Errors of the IQ binding


errors = Promises()


def dake1_of(profile: o.ClientProfile, tag: int = PHONE, I: bytes | None = None) -> bytes:
    return o.header(0x35) + o.INT(tag) + profile.encoded + (I or KeyPair.generate().public)


@errors.promise(draft=DRAFTS)
async def undecodable_requests_are_malformed(world: World, draft: Draft) -> None:
    right = dake1_of(new_device(draft).client_profile)
    status = o.header(0x09) + bytes(64)
    texts = {
        "nothing": ("dake", ""),
        "no base64": ("dake", "AAQ1!!!!."),
        "white space inside": ("dake", o.armour(right)[:8] + "\n" + o.armour(right)[8:]),
        "bits beyond the end": ("dake", "AAR=."),
        "a header": ("dake", "AAQ1."),
        "two full stops": ("dake", o.armour(right) + "."),
        "truncated": ("dake", o.armour(right[:-1])),
        "trailing byte": ("dake", o.armour(right + b"\0")),
        "unknown type": ("dake", o.armour(right[:2] + b"\x77" + right[3:])),
        "a tag below 100": ("dake", o.armour(dake1_of(new_device(draft).client_profile, 0xFF))),
        "a query in <dake/>": ("dake", o.armour(o.ensemble_query(PHONE, world.alice.bare))),
        "a DAKE-1 in <query/>": ("query", o.armour(right)),
        "a DAKE-1 in <publish/>": ("publish", o.armour(right)),
        "a storage request without DAKE-3": ("status", o.armour(status)),
        "a Success": ("publish", o.armour(o.header(0x06) + o.INT(PHONE) + bytes(64))),
        "a query of tag 0": ("query", o.armour(o.ensemble_query(0, world.alice.bare))),
        "an identity that is no UTF-8": (
            "query",
            o.armour(o.header(0x10) + o.INT(PHONE) + o.DATA(b"\xff\xfe") + o.DATA(b"4")),
        ),
        "33 bytes of versions": ("query", o.armour(o.ensemble_query(PHONE, world.alice.bare, b"4" * 33))),
        "an identity of 3072 bytes": ("query", o.armour(o.ensemble_query(PHONE, "a" * 3072))),
    }
    for what, (name, text) in texts.items():
        await refused(MALFORMED, IQ.request(world.alice, name, text), what)


@errors.promise()
async def other_spellings_that_are_allowed_are_read(world: World) -> None:
    for sender, nobody, text in padded_queries(world):
        spellings = [text, text[:-1], text.replace("=", ""), text[:-1].replace("=", ""), f" \n\t{text}\n "]
        for spelling in spellings:
            answer = o.unarmour(await IQ.request(world.bob, "query", spelling))
            same((), o.read_retrieval(answer, sender, nobody, time.time()).ensembles, "ensembles")


def padded_queries(world: World) -> list[tuple[int, str, str]]:
    """Sender, identity and text of a query without padding, one with a digit of it and one with two."""
    queries = []
    for extra in range(3):
        sender, nobody = random_tag(), "nobody" + "x" * extra + world.alice.bare
        queries.append((sender, nobody, o.armour(o.ensemble_query(sender, nobody))))
    same({0, 1, 2}, {text.count("=") for _, _, text in queries}, "kinds of padding")
    return queries


@errors.promise(draft=DRAFTS)
async def malformed_profiles_are_malformed(world: World, draft: Draft) -> None:
    right = new_device(draft).client_profile.encoded
    field_5 = right[-114 - 10 : -114]
    spoiled = {
        "a field twice": o.INT(6) + right[4:-114] + field_5 + right[-114:],
        "no expiration": o.INT(4) + right[4 : -114 - 10] + right[-114:],
        "an unknown field": o.INT(6) + right[4:-114] + o.SHORT(9) + right[-114:],
        "many fields": o.INT(0xFFFFFFFF) + right[4:],
        "key types of two drafts": right.replace(draft.key_type(0x12), draft.key_type(0x12)[::-1], 1),
        "versions that are no digits": right.replace(o.DATA(b"4"), o.DATA(b"x"), 1),
    }
    for what, profile in spoiled.items():
        dake1 = o.header(0x35) + o.INT(PHONE) + profile + KeyPair.generate().public
        await refused(MALFORMED, IQ.exchange(world.alice, "dake", dake1), what)


@errors.promise(draft=DRAFTS, version=(0, 3, 5))
async def another_version_is_unsupported(world: World, draft: Draft, version: int) -> None:
    message = o.SHORT(version) + dake1_of(new_device(draft).client_profile)[2:]
    await refused(UNSUPPORTED_VERSION, IQ.exchange(world.alice, "dake", message), f"version {version}")


@errors.promise(draft=DRAFTS)
async def invalid_dake1s_are_invalid(world: World, draft: Draft) -> None:
    device = new_device(draft)
    right = device.client_profile
    bad_signature = dataclasses.replace(right, encoded=flipped(right.encoded, -30))
    order_2, order_4, identity = ((y % o.p).to_bytes(57, "little") for y in (-1, 0, 1))
    forged = o.ClientProfile.make(draft, PHONE, device.long_term, order_4, right.expires)
    mixed = (o.Point.decode(KeyPair.generate().public) + o.Point(0, o.p - 1)).encode()
    no_point = next(y for y in _encoded_numbers() if not _decodes(y))
    messages = {
        "wrong signature of the profile": dake1_of(bad_signature),
        "profile of another tag": dake1_of(right, TABLET),
        "profile without version 4": dake1_of(new_device(draft, versions=b"3").client_profile),
        "forging key of order 4": dake1_of(forged),
        "I is the identity": dake1_of(right, I=identity),
        "I of order 2": dake1_of(right, I=order_2),
        "I outside of the subgroup": dake1_of(right, I=mixed),
        "I is no point": dake1_of(right, I=no_point),
        "I with y = p": dake1_of(right, I=o.p.to_bytes(57, "little")),
        "I is the long-term key": dake1_of(right, I=right.long_term),
    }
    for what, message in messages.items():
        await refused(INVALID, IQ.exchange(world.alice, "dake", message), what)


def _encoded_numbers() -> Iterator[bytes]:
    return (y.to_bytes(57, "little") for y in range(2, 1000))


def _decodes(encoded: bytes) -> bool:
    try:
        o.Point.decode(encoded)
        return True
    except o.Invalid:
        return False


def verdict(dake1: bytes) -> Refusal | None:
    """What this side thinks of a DAKE-1 that was right before it was changed."""
    reader = o.Reader(dake1)
    try:
        if reader.short() != 4:
            return UNSUPPORTED_VERSION
        if reader.byte() != 0x35:
            return MALFORMED
        tag, profile, I = reader.tag(), o.ClientProfile.read(reader), reader.take(o.POINT_BYTES)
        reader.finish()
    except o.Malformed:
        return MALFORMED
    if profile.owner == tag and profile.expires <= time.time():
        return EXPIRED
    try:
        profile.validate(tag, time.time())
        o.valid_point(I)
    except o.Invalid:
        return INVALID
    return None


@errors.promise(draft=DRAFTS, bit=(0x01, 0x80))
async def both_sides_judge_a_changed_dake1_alike(world: World, draft: Draft, bit: int) -> None:
    right = dake1_of(new_device(draft).client_profile)
    for at in [*range(0, 24), *range(24, len(right), 8)]:
        changed = bytearray(right)
        changed[at] ^= bit
        expected = verdict(bytes(changed))
        request = IQ.exchange(world.alice, "dake", bytes(changed))
        if expected:
            await refused(expected, request, f"byte {at} changed")
        else:
            await request


@errors.promise(draft=DRAFTS)
async def an_expired_profile_is_expired(world: World, draft: Draft) -> None:
    for expires in (int(time.time()) - 2, 0, -1):
        profile = Device.make(draft, PHONE, expires).client_profile
        await refused(EXPIRED, IQ.exchange(world.alice, "dake", dake1_of(profile)), f"expired at {expires}")


@errors.promise(draft=DRAFTS)
async def a_dake3_without_a_handshake_finds_none(world: World, draft: Draft) -> None:
    device = dataclasses.replace(new_device(draft), tag=random_tag())
    message = o.header(0x37) + o.INT(device.tag) + bytes(6 * draft.scalar_bytes) + o.DATA(o.header(0x09) + bytes(64))
    for name in ("publish", "status"):
        await refused(NO_HANDSHAKE, IQ.exchange(world.alice, name, message), f"DAKE-3 in <{name}/>")


@errors.promise(name=("dake", "publish", "status", "query"))
async def too_many_bytes_are_too_large(world: World, name: str) -> None:
    most = await limit(world.alice, "max-message-bytes", 135168)
    text = base64.b64encode(o.header(0x35) + bytes(most - 2)).decode()
    error = await refused(TOO_LARGE, IQ.request(world.alice, name, text), f"{most + 1} bytes")
    assert error.application is not None
    same(str(most), error.application.get("max-bytes"), "max-bytes")


@errors.promise(draft=DRAFTS)
async def a_stranger_may_not_publish(world: World, draft: Draft) -> None:
    handshake = Handshake(new_device(draft), world.stranger.bare, world.component)
    request = IQ.exchange(world.stranger, "dake", handshake.dake1())
    await refused(PUBLISHER_NOT_ALLOWED, request, "DAKE-1 of a stranger")


@errors.promise()
async def an_unknown_request_is_unavailable(world: World) -> None:
    query_ = xmpp.element(PREKEEPER, "query", o.armour(o.ensemble_query(PHONE, world.alice.bare)))
    discover = xmpp.element(DISCO_INFO, "query")
    node, resource = "somebody@" + world.component, world.component + "/somewhere"
    requests = {
        "an unknown element": ("set", xmpp.element(PREKEEPER, "nothing"), None),
        "an unknown namespace": ("get", xmpp.element("urn:example:nothing", "query"), None),
        "a get": ("get", query_, None),
        "another resource": ("set", query_, resource),
        "a node": ("set", query_, node),
        "a node, discovery": ("get", discover, node),
    }
    for what, (kind, payload, to) in requests.items():
        await refused(UNKNOWN_IQ, world.alice.iq(kind, payload, to=to), what)


@errors.promise(name=("dake", "publish", "status", "query"))
async def a_request_with_child_elements_is_malformed(world: World, name: str) -> None:
    request = xmpp.element(PREKEEPER, name, o.armour(o.ensemble_query(PHONE, world.alice.bare)))
    ET.SubElement(request, f"{{{PREKEEPER}}}more")
    await refused(MALFORMED, world.alice.iq("set", request), "child element")


@errors.promise()
async def an_iq_has_one_child_that_is_not_too_deep(world: World) -> None:
    one = xmpp.element(PREKEEPER, "query", o.armour(o.ensemble_query(PHONE, world.alice.bare)))
    await refused(NOT_ONE_CHILD, world.alice.iq("set", one, xmpp.element(PREKEEPER, "dake")), "two children")
    deep = top = xmpp.element("urn:example:nothing", "query")
    for _ in range(40):
        deep = ET.SubElement(deep, "{urn:example:nothing}deeper")
    await refused(NOT_ONE_CHILD, world.alice.iq("set", top), "deep nesting")


# ---------------------------------------------------------------------------------------------------------------------
# The message binding


messages = Promises()


@messages.promise(kind=("chat", "normal"))
async def an_answer_comes_to_the_full_address_and_is_kept_nowhere(world: World, kind: str) -> None:
    thread = ET.Element("thread")
    thread.text = secrets.token_hex(8)
    sent = world.alice.send(o.armour(o.ensemble_query(PHONE, "nobody" + world.alice.bare)), kind, None, thread)
    answer = await world.alice.answer()
    same(world.component, answer.get("from"), "from")
    same(world.alice.full, answer.get("to"), "to")
    same(kind, answer.get("type", "normal"), "type")
    same(thread.text, answer.findtext(f"{{{xmpp.CLIENT}}}thread"), "thread")
    check(answer.get("id") not in (None, "", sent), f"id {answer.get('id')!r}")
    for mark in ("{urn:xmpp:hints}no-store", "{urn:xmpp:hints}no-copy"):
        check(answer.find(mark) is not None, f"no {mark}")
    # <private/> is for the XMPP server, which takes it away when it delivers (XEP-0280, 9); that it works shows below
    same(0x0E, o.unarmour(body_of(answer))[2], "type of the message")
    await world.alice.silence("after the answer")
    await world.tablet.silence("the other resource, with carbons")


@messages.promise()
async def a_body_may_be_spelled_otherwise(world: World) -> None:
    for sender, nobody, text in padded_queries(world):
        for spelling in (text.replace("=", ""), f"\n {text} \n"):
            world.bob.send(spelling)
            answer = o.unarmour(body_of(await world.bob.answer()))
            same((), o.read_retrieval(answer, sender, nobody, time.time()).ensembles, "ensembles")


@messages.promise(kind=("error", "headline", "groupchat"))
async def messages_of_other_types_are_ignored(world: World, kind: str) -> None:
    world.bob.send(o.armour(o.ensemble_query(PHONE, world.alice.bare)), kind)
    await world.bob.silence(kind)


@messages.promise()
async def bodies_that_are_no_prekey_messages_are_ignored(world: World) -> None:
    text = o.armour(o.ensemble_query(PHONE, world.alice.bare))
    words = None, "", "Hello?", "AAQ", "AA.", "AAQ1AAAAAAAA", "AAQQ!!!!!!!!.", "AAR=AAAAAAAA."
    for body in (*words, text[:-1], "x" + text):
        world.bob.send(body)
    world.bob.send(text[:20] + " " + text[20:])
    world.bob.send("A" * 60_000 + ".")
    await world.bob.silence("garbage")


@messages.promise()
async def messages_to_other_addresses_are_ignored(world: World) -> None:
    text = o.armour(o.ensemble_query(PHONE, world.alice.bare))
    for to in ("somebody@" + world.component, world.component + "/somewhere"):
        world.bob.send(text, "chat", to)
    await world.bob.silence("other addresses")


@messages.promise(draft=DRAFTS)
async def what_the_iq_binding_refuses_is_ignored(world: World, draft: Draft) -> None:
    device = new_device(draft)
    right = dake1_of(device.client_profile)
    expired = Device.make(draft, PHONE, int(time.time()) - 2).client_profile
    dake3 = o.header(0x37) + o.INT(random_tag()) + bytes(6 * draft.scalar_bytes) + o.DATA(o.header(0x09) + bytes(64))
    refused_ = {
        "truncated": right[:-1],
        "trailing byte": right + b"\0",
        "another version": b"\0\3" + right[2:],
        "wrong signature": flipped(right, -57 - 30),
        "expired": dake1_of(expired),
        "no handshake": dake3,
        "a Success": o.header(0x06) + o.INT(PHONE) + bytes(64),
        "a storage request": o.header(0x09) + bytes(64),
    }
    for message in refused_.values():
        world.alice.send(o.armour(message))
    world.stranger.send(o.armour(right))
    await world.alice.silence(f"one of {', '.join(refused_)}")
    await world.stranger.silence("DAKE-1 of a stranger")


# ---------------------------------------------------------------------------------------------------------------------
# Fragments


fragments = Promises()


async def fragmented_publication(
    world: World, draft: Draft, binding: Binding
) -> tuple[Device, Handshake, str]:
    """A device and handshake of it whose DAKE-3 with two prekey messages is to be sent in fragments."""
    device = new_device(draft)
    await publish(world.alice, device, [], binding)
    handshake = await shake_hands(world.alice, device, binding)
    inner = handshake.publication(device.prekeys(2)).encode(handshake.keys)
    return device, handshake, o.armour(handshake.dake3(inner))


def cut(text: str, pieces: int = 7, tag: int = PHONE) -> list[str]:
    """Fragments with an id that has hexadecimal letters."""
    return o.fragments(text, -(-len(text) // pieces), 0xA0000000 | random.getrandbits(28), tag)


async def put(user: User, part: str, name: str = "publish") -> None:
    """Sends a fragment that completes nothing."""
    same("", await IQ.request(user, name, part), f"answer to the fragment {part[:60]}")


@fragments.promise(draft=DRAFTS)
async def fragments_by_iq_are_joined_in_any_order(world: World, draft: Draft) -> None:
    device, handshake, text = await fragmented_publication(world, draft, IQ)
    parts = cut(text)
    random.shuffle(parts)
    for part in parts[:-1]:
        await put(world.alice, part)
    answer = await IQ.request(world.alice, "publish", parts[-1])
    same(Success(), handshake.on_answer(o.unarmour(answer)), "answer")
    same(2, await storage_status(world.alice, device), "status")


@fragments.promise(draft=DRAFTS)
async def fragments_by_message_are_joined_in_any_order(world: World, draft: Draft) -> None:
    device, handshake, text = await fragmented_publication(world, draft, MESSAGES)
    parts = cut(text)
    random.shuffle(parts)
    for part in parts[:-1]:
        world.alice.send(part)
    await world.alice.silence("all fragments but one")
    world.alice.send(parts[-1])
    same(Success(), handshake.on_answer(o.unarmour(body_of(await world.alice.answer()))), "answer")
    same(2, await storage_status(world.alice, device), "status")


@fragments.promise(binding=BINDINGS)
async def every_message_may_come_in_fragments(world: World, binding: Binding) -> None:
    device = new_device(SPEC)
    handshake = Handshake(device, world.alice.bare, world.component)
    sender, nobody = random_tag(), "nobody" + world.alice.bare

    async def exchange(name: str, message: bytes) -> bytes:
        *parts, last = cut(o.armour(message), 3)
        for part in parts:
            if binding is IQ:
                await put(world.alice, part, name)
            else:
                world.alice.send(part)
        if binding is IQ:
            return o.unarmour(await IQ.request(world.alice, name, last))
        world.alice.send(last)
        return o.unarmour(body_of(await world.alice.answer()))

    handshake.on_dake2(await exchange("dake", handshake.dake1()))
    answer = handshake.on_answer(await exchange("status", handshake.dake3(handshake.storage_request())))
    same(StorageStatus(0), answer, "answer")
    answer = await exchange("query", o.ensemble_query(sender, nobody))
    same((), o.read_retrieval(answer, sender, nobody, time.time()).ensembles, "ensembles")


@fragments.promise(identifier=("7", "00000007", "deadbeef", "DEADBEEF", "12345678"))
async def an_id_is_one_to_eight_hexadecimal_digits(world: World, identifier: str) -> None:
    sender, nobody = random_tag(), "nobody" + world.alice.bare
    text = o.armour(o.ensemble_query(sender, nobody))
    await put(world.bob, f"?OTRP|{identifier}|{sender:x}|0,1,2,{text[:20]},", "query")
    answer = await IQ.request(world.bob, "query", f"?OTRP|{identifier}|{sender:x}|0,2,2,{text[20:]},")
    same((), o.read_retrieval(o.unarmour(answer), sender, nobody, time.time()).ensembles, "ensembles")


@fragments.promise()
async def a_message_may_be_one_fragment(world: World) -> None:
    sender, nobody = random_tag(), "nobody" + world.alice.bare
    (part,) = cut(o.armour(o.ensemble_query(sender, nobody)), 1)
    answer = o.unarmour(await IQ.request(world.bob, "query", part))
    same((), o.read_retrieval(answer, sender, nobody, time.time()).ensembles, "ensembles")


@fragments.promise(draft=DRAFTS)
async def a_repeated_index_is_ignored(world: World, draft: Draft) -> None:
    device, handshake, text = await fragmented_publication(world, draft, IQ)
    parts = cut(text, 3)
    await put(world.alice, parts[0])
    await put(world.alice, parts[0])
    other = parts[0].split(",")
    other[3] = "A" * len(other[3])
    await put(world.alice, ",".join(other))  # the first piece counts
    await put(world.alice, parts[2])
    answer = await IQ.request(world.alice, "publish", parts[1])
    same(Success(), handshake.on_answer(o.unarmour(answer)), "answer")


@fragments.promise(draft=DRAFTS)
async def another_total_discards_what_came_before(world: World, draft: Draft) -> None:
    device, handshake, text = await fragmented_publication(world, draft, IQ)
    parts = cut(text, 3)
    await put(world.alice, parts[0])
    other = parts[1].replace(",2,3,", ",2,4,")
    check(other != parts[1], "the test wants another total")
    for part in (other, parts[1], parts[2]):  # what came before the other total is gone, so nothing completes
        try:
            await put(world.alice, part)
        except StanzaError as error:
            error.check(MALFORMED, "fragment after another total")
    for part in (parts := cut(text, 3))[:-1]:
        await put(world.alice, part)
    answer = await IQ.request(world.alice, "publish", parts[-1])
    same(Success(), handshake.on_answer(o.unarmour(answer)), "answer to new fragments")


@fragments.promise(bad=("0,3,AA", "1,0,AA", "4,3,AA", "0,0,AA", "1,65536,AA", "1,3,", "-1,3,AA", "x,3,AA", "1,AA"))
async def impossible_fragments_are_malformed(world: World, bad: str) -> None:
    part = f"?OTRP|deadbee1|{PHONE:08x}|00000000,{bad},"
    await refused(MALFORMED, IQ.request(world.alice, "publish", part), part)


@fragments.promise(header=("?OTRP|deadbee1|a11ce001,", "?OTRP|xyz|a11ce001|0,", "?OTRP|123456789ab|a11ce001|0,"))
async def broken_frames_are_malformed(world: World, header: str) -> None:
    await refused(MALFORMED, IQ.request(world.alice, "publish", header + "1,2,AA,"), header)


@fragments.promise()
async def impossible_fragments_by_message_are_ignored(world: World) -> None:
    for bad in ("0,1,AA", "1,0,AA", "2,1,AA", "1,1,", "1,1,AA"):
        world.alice.send(f"?OTRP|deadbee2|{PHONE:08x}|00000000,{bad},")
    await world.alice.silence("impossible fragments")


@fragments.promise()
async def fragments_of_two_messages_do_not_mix(world: World) -> None:
    nobodies = ["nobody" + world.alice.bare, "no" + world.alice.bare]
    senders = [random_tag(), random_tag()]
    one, two = (cut(o.armour(o.ensemble_query(s, n)), 2, s) for s, n in zip(senders, nobodies))
    await put(world.bob, one[0], "query")
    await put(world.bob, two[1], "query")
    for parts, last, sender, nobody in ((one, 1, senders[0], nobodies[0]), (two, 0, senders[1], nobodies[1])):
        answer = o.unarmour(await IQ.request(world.bob, "query", parts[last]))
        same((), o.read_retrieval(answer, sender, nobody, time.time()).ensembles, "ensembles")


@fragments.promise()
async def fragments_belong_to_the_full_address(world: World) -> None:
    one, two = cut(o.armour(o.ensemble_query(random_tag(), "nobody" + world.alice.bare)), 2)
    await put(world.alice, one, "query")
    await put(world.tablet, two, "query")
    await put(world.stranger, two, "query")
    check(await IQ.request(world.alice, "query", two), "nothing is completed by its own last fragment")


# ---------------------------------------------------------------------------------------------------------------------
# Low stock


low_stock = Promises()


def notices(world: World, device: Device) -> list[ET.Element]:
    """The low-stock notices for this device, at the resource of alice that got most: not every server tells all."""

    def at(user: User) -> list[ET.Element]:
        lows = [(message, message.find(f"{{{PREKEEPER}}}low")) for message in user.notices]
        tag = f"{device.tag:08x}"
        return [message for message, low in lows if low is not None and low.get("instance-tag") == tag]

    return max(at(world.alice), at(world.tablet), key=len)


async def first_notice(world: World, device: Device) -> ET.Element:
    for _ in range(40):
        if found := notices(world, device):
            return found[0]
        await asyncio.sleep(0.1)
    raise AssertionError(f"no notice for {device.tag:08x} after 4 s")


def check_notice(world: World, notice: ET.Element, remaining: int) -> None:
    same(world.component, notice.get("from"), "from")
    same("headline", notice.get("type"), "type")
    check(notice.find(f"{{{xmpp.CLIENT}}}body") is None, "a notice with a body")
    low = notice.find(f"{{{PREKEEPER}}}low")
    assert low is not None
    same(str(remaining), low.get("remaining"), "remaining")


@low_stock.promise(draft=DRAFTS)
async def the_owner_is_told_once_when_stock_gets_low(world: World, draft: Draft) -> None:
    check(await limit(world.alice, "low-mark", 1) >= 1, "the test wants a low mark of 1 at least")
    device = passing_device(draft)
    await stock(world, new_device(draft), 0)
    await publish(world.alice, device, device.prekeys(2))
    only_message(await query(world.bob, world.alice.bare), device)
    check_notice(world, await first_notice(world, device), remaining=1)
    only_message(await query(world.bob, world.alice.bare), device)
    await asyncio.sleep(xmpp.QUIET)
    same(1, len(notices(world, device)), "notices within an hour")


# ---------------------------------------------------------------------------------------------------------------------


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Drives a live prekey server through an XMPP server; prints TAP.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=5222)
    parser.add_argument("--component", required=True, metavar="JID")
    for name in ("alice", "bob", "stranger", "admin"):
        parser.add_argument(f"--{name}", nargs=2, required=True, metavar=("JID", "PASSWORD"))
    parser.add_argument("--skip-commands", action="store_true", help="leave the ad-hoc commands out")
    parser.add_argument("--only", default="", metavar="TEXT", help="run only what has this text in its name")
    return parser.parse_args()


async def main() -> bool:
    options = arguments()

    def user(account: list[str], resource: str) -> User:
        return User(account[0], account[1], f"{resource}-{secrets.token_hex(4)}", options.component)

    world = World(
        host=options.alice[0].partition("@")[2],
        component=options.component,
        alice=user(options.alice, "phone"),
        tablet=user(options.alice, "tablet"),
        bob=user(options.bob, "laptop"),
        stranger=user(options.stranger, "laptop"),
        admin=user(options.admin, "laptop"),
    )
    groups = [discovery, flows, handshakes, errors, messages, fragments, low_stock]
    if not options.skip_commands:
        import suite_commands

        groups.append(suite_commands.commands)
    for one in world.users:
        await one.login(options.host, options.port)
    await world.alice.iq("get", xmpp.element("urn:xmpp:ping", "ping"))  # without a server no test makes sense

    def forget_answers() -> None:
        for one in world.users:
            one.forget_answers()

    try:
        return await xmpp.run(groups, world, forget_answers, options.only)
    finally:
        for one in world.users:
            await one.logout()


if __name__ == "__main__":
    sys.modules["otrv4_suite"] = sys.modules["__main__"]  # one copy of it, also for suite_commands
    try:
        sys.exit(0 if asyncio.run(main()) else 1)
    except (OSError, asyncio.TimeoutError, AssertionError, StanzaError) as wrong:
        print(f"Bail out! {wrong or 'no login in time'}")
        sys.exit(1)
