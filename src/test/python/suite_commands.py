"""The part of the live suite that tries the ad-hoc commands (XEP-0050). Names and vars stand in the tables on top."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import re
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import suite_xmpp as xmpp
from otrv4 import (
    DRAFTS,
    SPEC,
    Draft,
    Failure,
    Handshake,
    armour,
    ensemble_query,
    join,
    read_retrieval,
    unarmour,
)
from otrv4_suite import (
    IQ,
    IQ_ONCE,
    PUBLISHER_NOT_ALLOWED,
    TABLET,
    UNKNOWN_NODE,
    World,
    asked_to_wait,
    body_of,
    check_notice,
    finish,
    first_notice,
    limit,
    new_device,
    notices,
    only_message,
    passing_device,
    publish,
    query,
    random_tag,
    shake_hands,
    stock,
    storage_status,
)
from suite_xmpp import COMMANDS, DATA_FORM, DISCO_INFO, DISCO_ITEMS, Field, Form, Promises, Refusal, StanzaError
from suite_xmpp import User, check, refused, same

# Nodes
STATUS = "prekeeper:admin#status"
DEVICES = "prekeeper:admin#devices"
DELETE = "prekeeper:admin#delete"
OUT_OF_STOCK = "prekeeper:admin#out-of-stock"
LIMITS = "prekeeper:admin#limits"
BLOCK = "prekeeper:admin#block"
UNBLOCK = "prekeeper:admin#unblock"
EXPIRE = "prekeeper:admin#expire"
BACKUP = "prekeeper:admin#backup"
RELOAD = "prekeeper:admin#reload"
ANNOUNCE = "prekeeper:admin#announce"
MY_DEVICES = "prekeeper:user#devices"
FORGET_DEVICE = "prekeeper:user#forget-device"
FORGET = "prekeeper:user#forget"

USER_NODES = {MY_DEVICES, FORGET_DEVICE, FORGET}
ADMIN_NODES = {STATUS, DEVICES, DELETE, OUT_OF_STOCK, LIMITS, BLOCK, UNBLOCK, EXPIRE, BACKUP, RELOAD, ANNOUNCE}

# Vars of forms
ACCOUNT = "account"
CHOSEN_DEVICES = "devices"
ADDRESSES = "addresses"
PATH = "path"
CONFIRM = "confirm"
DEVICE_COLUMNS = {"instance-tag", "state", "prekey-messages", "expires", "prekey-profile-expires"}
OUT_OF_STOCK_COLUMNS = {"account", "instance-tag"}
STATUS_FIELDS = {"version", "uptime", "fingerprint-deployed", "fingerprint-spec", "devices", "prekey-messages"}
LOW_MARK = "low-mark"
MOST_PREKEY_MESSAGES = "prekey-messages"
MOST_DEVICES = "devices"
HANDSHAKES_BURST = "handshakes-burst"
HANDSHAKES_PER_HOUR = "handshakes-per-hour"
FRAGMENT_LENGTH = "fragment-length"

# Errors
FORBIDDEN = Refusal(None, "forbidden")
BAD_SESSION = Refusal(None, "bad-request", "bad-sessionid", COMMANDS)
RETRY = Refusal("wait", "resource-constraint", "retry")
BAD_ACTIONS = {f"{{{COMMANDS}}}bad-action", f"{{{COMMANDS}}}malformed-action"}


# ---------------------------------------------------------------------------------------------------------------------
# Running a command


@dataclass
class Stage:
    """One answer of a command."""

    session: str
    status: str
    actions: set[str]
    notes: list[tuple[str, str]]
    form: Form | None

    @staticmethod
    def read(command: ET.Element, node: str) -> Stage:
        same(node, command.get("node"), "node of the answer")
        actions = command.find(f"{{{COMMANDS}}}actions")
        x = command.find(f"{{{DATA_FORM}}}x")
        notes = command.findall(f"{{{COMMANDS}}}note")
        return Stage(
            command.get("sessionid", ""),
            command.get("status", ""),
            {action.tag.partition("}")[2] for action in actions} if actions is not None else set(),
            [(note.get("type", "info"), note.text or "") for note in notes],
            None if x is None else Form.read(x),
        )

    @property
    def filled(self) -> Form:
        check(self.form, f"no form in {self}")
        assert self.form
        return self.form


class Command:
    """One session of a command, from `start` on."""

    def __init__(self, user: User, node: str) -> None:
        self.user = user
        self.node = node
        self.session: str | None = None

    async def start(self) -> Stage:
        return await self.send("execute")

    async def send(self, action: str | None, **values: str | list[str]) -> Stage:
        """Goes on with this action; underscores in names of values stand for hyphens."""
        command = xmpp.element(COMMANDS, "command", node=self.node)
        if action:
            command.set("action", action)
        if self.session:
            command.set("sessionid", self.session)
        if values:
            command.append(xmpp.submission({name.replace("_", "-"): value for name, value in values.items()}))
        answer = (await self.user.iq("set", command)).find(f"{{{COMMANDS}}}command")
        check(answer is not None, "no command in the answer")
        assert answer is not None
        stage = Stage.read(answer, self.node)
        check(stage.session, "an answer without a session")
        same(self.session or stage.session, stage.session, "session")
        self.session = stage.session
        return stage

    async def next(self, **values: str | list[str]) -> Stage:
        return executing(await self.send("next", **values))

    async def complete(self, **values: str | list[str]) -> Stage:
        return completed(await self.send("complete", **values))


def executing(stage: Stage) -> Stage:
    same("executing", stage.status, "status of a stage")
    same("form", stage.filled.type, "type of the form")
    check(stage.actions & {"next", "complete"}, f"no way on from {stage}")
    return stage


def completed(stage: Stage) -> Stage:
    same("completed", stage.status, "status of the last stage")
    check(not [text for kind, text in stage.notes if kind == "error"], f"completed with an error: {stage}")
    return stage


async def table(user: User, node: str, columns: set[str], **values: str) -> list[dict[str, str]]:
    """Runs a command that ends with a table; returns its rows."""
    command = Command(user, node)
    stage = await command.start()
    if values:
        executing(stage)
        for var in values:
            stage.filled.field(var)
        stage = await command.complete(**values)
    form = completed(stage).filled
    same("result", form.type, "type of the form")
    check(columns <= set(form.reported), f"columns {columns} are not all reported: {form.reported}")
    for row in form.items:
        check(columns <= row.keys(), f"a row without all columns: {row}")
    return form.items


async def row_of(user: User, node: str, tag: int, **values: str) -> dict[str, str]:
    rows = await table(user, node, DEVICE_COLUMNS, **values)
    found = [row for row in rows if row["instance-tag"].lower() == f"{tag:08x}"]
    same(1, len(found), f"rows for {tag:08x} among {rows}")
    return found[0]


async def turned_down(command: Command, **values: str | list[str]) -> None:
    """Checks that a completion is refused, by a stanza error or a note."""
    try:
        stage = await command.send("complete", **values)
    except StanzaError:
        return
    check([kind for kind, _ in stage.notes if kind in ("error", "warn")], f"taken: {stage}")


def tags_of(stage: Stage) -> set[int]:
    """The devices to choose from."""
    field = stage.filled.field(CHOSEN_DEVICES)
    same("list-multi", field.type, f"type of {CHOSEN_DEVICES}")
    for option in field.options:
        check(re.fullmatch(r"[0-9a-fA-F]{8}", option), f"option {option!r} is no instance tag")
    return {int(option, 16) for option in field.options}


def option_of(stage: Stage, tag: int) -> str:
    """The tag as the server writes it."""
    return next(one for one in stage.filled.field(CHOSEN_DEVICES).options if int(one, 16) == tag)


# ---------------------------------------------------------------------------------------------------------------------
# Discovery


commands = Promises()


async def listed(user: User) -> set[str]:
    items = list(await user.get(DISCO_ITEMS, node=COMMANDS))
    for item in items:
        same(user.component, item.get("jid"), "jid of a command")
        check(item.get("name"), "a command without a name")
    nodes = [item.get("node", "") for item in items]
    same(len(nodes), len(set(nodes)), "different nodes")
    return set(nodes)


@commands.promise()
async def an_admin_sees_all_commands(world: World) -> None:
    same(ADMIN_NODES | USER_NODES, await listed(world.admin), "commands")


@commands.promise()
async def a_user_sees_the_commands_of_users(world: World) -> None:
    same(USER_NODES, await listed(world.alice), "commands")


async def described(user: User, node: str) -> tuple[set[tuple[str | None, str | None]], set[str | None]]:
    info = await user.get(DISCO_INFO, node=node)
    same(node, info.get("node"), "node")
    identities = {(one.get("category"), one.get("type")) for one in info.findall(f"{{{DISCO_INFO}}}identity")}
    return identities, {one.get("var") for one in info.findall(f"{{{DISCO_INFO}}}feature")}


@commands.promise()
async def the_node_of_commands_is_a_command_list(world: World) -> None:
    for user in (world.admin, world.alice):
        identities, _ = await described(user, COMMANDS)
        same({("automation", "command-list")}, identities, "identities")


@commands.promise(node=tuple(sorted(ADMIN_NODES | USER_NODES)))
async def the_node_of_a_command_describes_it(world: World, node: str) -> None:
    identities, features = await described(world.admin, node)
    same({("automation", "command-node")}, identities, "identities")
    check({COMMANDS, DATA_FORM} <= features, f"features {features}")


@commands.promise(node=tuple(sorted(ADMIN_NODES)))
async def a_command_of_admins_is_forbidden_to_others(world: World, node: str) -> None:
    for user in (world.alice, world.stranger):
        await refused(FORBIDDEN, Command(user, node).start(), f"{node} by {user.bare}")


@commands.promise()
async def an_unknown_command_is_not_found(world: World) -> None:
    for node in ("prekeeper:admin#nothing", "nothing"):
        await refused(UNKNOWN_NODE, Command(world.admin, node).start(), "execution")


# ---------------------------------------------------------------------------------------------------------------------
# Sessions


@commands.promise()
async def an_unknown_session_is_a_bad_one(world: World) -> None:
    for action in ("next", "complete", "prev", "cancel"):
        command = Command(world.admin, DELETE)
        command.session = "no-such-session"
        await refused(BAD_SESSION, command.send(action), action)


@commands.promise()
async def a_session_belongs_to_who_started_it_and_to_its_command(world: World) -> None:
    command = Command(world.alice, FORGET)
    await command.start()
    for user, node in ((world.admin, FORGET), (world.alice, FORGET_DEVICE)):
        other = Command(user, node)
        other.session = command.session
        await refused(BAD_SESSION, other.send("complete", confirm="1"), f"{node} by {user.bare}")
    same("canceled", (await command.send("cancel")).status, "status")


@commands.promise()
async def a_canceled_session_is_over(world: World) -> None:
    command = Command(world.admin, DELETE)
    executing(await command.start())
    same("canceled", (await command.send("cancel")).status, "status")
    await refused(BAD_SESSION, command.send("next", account=world.alice.bare), "after the end")


@commands.promise()
async def a_completed_session_is_over(world: World) -> None:
    command = Command(world.admin, DEVICES)
    await command.start()
    await command.complete(account=world.alice.bare)
    await refused(BAD_SESSION, command.send("complete", account=world.alice.bare), "after the end")


@commands.promise(action=("explode", "prev"))
async def an_action_that_is_not_possible_is_a_bad_one(world: World, action: str) -> None:
    command = Command(world.admin, DELETE)
    executing(await command.start())
    try:
        stage = await command.send(action)
    except StanzaError as error:
        same("bad-request", error.condition, "condition")
        found = None if error.application is None else error.application.tag
        check(found in BAD_ACTIONS, f"application element {found}")
    else:
        raise AssertionError(f"{action} is answered by {stage}")


# ---------------------------------------------------------------------------------------------------------------------
# Commands of administrators


@commands.promise()
async def status_tells_what_is_stored(world: World) -> None:
    handshake = await shake_hands(world.alice, new_device(SPEC), IQ)
    device = new_device(SPEC)
    await stock(world, device, 2)
    form = completed(await Command(world.admin, STATUS).start()).filled
    check(STATUS_FIELDS <= form.fields.keys(), f"fields {sorted(form.fields)}")
    same(SPEC.fingerprint(handshake.H_s), form.field("fingerprint-spec").value, "fingerprint-spec")
    check(int(form.field("devices").value) >= 1, "no devices")
    check(int(form.field("prekey-messages").value) >= 2, "no prekey messages")


@commands.promise(draft=DRAFTS)
async def devices_shows_the_devices_of_an_account(world: World, draft: Draft) -> None:
    device = new_device(draft)
    await stock(world, device, 3)
    before = int(time.time())
    stage = executing(await Command(world.admin, DEVICES).start())
    same("jid-single", stage.filled.field(ACCOUNT).type, f"type of {ACCOUNT}")
    row = await row_of(world.admin, DEVICES, device.tag, account=world.alice.bare)
    same("3", row["prekey-messages"], "prekey-messages")
    check(row["state"], "no state")
    check(row["expires"] and row["prekey-profile-expires"], "no expiry")
    check(before < device.client_profile.expires, "the device is expired")


@commands.promise()
async def devices_of_an_unknown_account_are_none(world: World) -> None:
    same([], await table(world.admin, DEVICES, set(), account="nobody" + world.alice.bare), "rows")


@commands.promise()
async def what_is_no_address_is_turned_down(world: World) -> None:
    command = Command(world.admin, DEVICES)
    await command.start()
    await turned_down(command, account="@@")


@commands.promise(draft=DRAFTS)
async def delete_goes_forth_and_back_and_deletes_what_is_chosen(world: World, draft: Draft) -> None:
    phone, tablet = new_device(draft), new_device(draft, TABLET)
    await stock(world, phone, 1)
    await publish(world.alice, tablet, tablet.prekeys(1))
    command = Command(world.admin, DELETE)
    stage = executing(await command.start())
    check("next" in stage.actions, f"actions {stage.actions}")
    same("jid-single", stage.filled.field(ACCOUNT).type, f"type of {ACCOUNT}")
    stage = await command.next(account=world.alice.bare)
    check({phone.tag, TABLET} <= tags_of(stage), "not all devices to choose from")
    check({"prev", "complete"} <= stage.actions, f"actions {stage.actions}")
    executing(await command.send("prev")).filled.field(ACCOUNT)
    stage = await command.next(account=world.alice.bare)
    await command.complete(devices=[option_of(stage, TABLET)])
    same(0, await storage_status(world.alice, tablet), "status of the deleted device")
    same(1, await storage_status(world.alice, phone), "status of the other device")
    only_message(await query(world.bob, world.alice.bare), phone)


@commands.promise()
async def delete_cannot_be_completed_before_devices_are_chosen(world: World) -> None:
    device = new_device(SPEC)
    await stock(world, device, 1)
    command = Command(world.admin, DELETE)
    await command.start()
    try:
        stage = await command.send("complete", account=world.alice.bare)
        check(stage.status != "completed", "completed at once")
    except StanzaError:
        pass
    same(1, await storage_status(world.alice, device), "status")


@commands.promise(draft=DRAFTS)
async def out_of_stock_shows_devices_without_prekey_messages(world: World, draft: Draft) -> None:
    device = new_device(draft)

    async def shown() -> bool:
        rows = await table(world.admin, OUT_OF_STOCK, OUT_OF_STOCK_COLUMNS)
        return (world.alice.bare, f"{device.tag:08x}") in [
            (row["account"], row["instance-tag"].lower()) for row in rows
        ]

    await stock(world, device, 1)
    check(not await shown(), "a device with a prekey message")
    only_message(await query(world.bob, world.alice.bare), device)
    check(await shown(), "a device without one is missing")


async def filled_limits(world: World) -> dict[str, Field]:
    """The fields of the form of limits that are to be submitted."""
    form = executing(await Command(world.admin, LIMITS).start()).filled
    return {var: field for var, field in form.fields.items() if var and field.type not in ("hidden", "fixed")}


async def submit_limits(world: World, values: dict[str, list[str]]) -> None:
    command = Command(world.admin, LIMITS)
    await command.start()
    await command.complete(**values)


@contextlib.asynccontextmanager
async def changed_limits(world: World, changes: dict[str, str]) -> AsyncIterator[None]:
    """Other limits for a while."""
    before = {var: field.values for var, field in (await filled_limits(world)).items()}
    check(changes.keys() <= before.keys(), f"no limits {changes.keys() - before.keys()}")
    await submit_limits(world, before | {var: [value] for var, value in changes.items()})
    try:
        yield
    finally:
        await submit_limits(world, before)


@commands.promise()
async def limits_are_shown_and_changed(world: World) -> None:
    before = await filled_limits(world)
    for var, field in before.items():
        if field.type in ("text-single", None):
            value = "".join(field.values)  # nothing where there is no limit
            check(re.fullmatch(r"[0-9]*", value), f"{var} is {value!r}")
    changed = int(before[LOW_MARK].value) + 1
    async with changed_limits(world, {LOW_MARK: str(changed)}):
        expected = before | {LOW_MARK: dataclasses.replace(before[LOW_MARK], values=[str(changed)])}
        same(expected, await filled_limits(world), "limits")
        same(changed, await limit(world.alice, "low-mark", -1), "low-mark in discovery")
    same(before, await filled_limits(world), "limits")


@commands.promise(value=("many", "-1", "", "1.5", "99999999999999999999"))
async def a_limit_that_is_no_number_is_turned_down(world: World, value: str) -> None:
    before = await filled_limits(world)
    command = Command(world.admin, LIMITS)
    await command.start()
    await turned_down(command, **{var: field.values for var, field in before.items()} | {LOW_MARK: value})
    same(before, await filled_limits(world), "limits")


@commands.promise()
async def who_asks_too_often_is_told_to_wait(world: World) -> None:
    async with changed_limits(world, {HANDSHAKES_BURST: "1", HANDSHAKES_PER_HOUR: "60"}):
        refusals = []
        for _ in range(3):
            try:
                await shake_hands(world.alice, new_device(SPEC), IQ_ONCE)
            except StanzaError as error:
                refusals.append(error)
        check(refusals, "no handshake is refused")
        refusals[-1].check(RETRY, "the last handshake")
        seconds = asked_to_wait(refusals[-1])
        check(1 <= seconds <= 120, f"asked to wait {seconds} s, where one handshake a minute is allowed")
    await shake_hands(world.alice, new_device(SPEC), IQ)


@commands.promise(draft=DRAFTS)
async def a_publication_beyond_the_quota_of_messages_is_a_failure(world: World, draft: Draft) -> None:
    async with changed_limits(world, {MOST_PREKEY_MESSAGES: "3"}):
        same(3, await limit(world.alice, "max-prekey-messages", -1), "max-prekey-messages in discovery")
        device = new_device(draft)
        prekeys = await stock(world, device, 3)
        await publish(world.alice, device, prekeys)  # what is skipped does not count
        handshake = await shake_hands(world.alice, device, IQ)
        inner = handshake.publication(device.prekeys(1)).encode(handshake.keys)
        same(Failure(), await finish(world.alice, handshake, inner, IQ), "answer to one more")
        same(3, await storage_status(world.alice, device), "status")
    await publish(world.alice, device, device.prekeys(1))


@commands.promise(draft=DRAFTS)
async def a_device_beyond_the_quota_is_a_failure(world: World, draft: Draft) -> None:
    forget = Command(world.alice, FORGET)
    await forget.start()
    await forget.complete(confirm="1")
    async with changed_limits(world, {MOST_DEVICES: "1"}):
        same(1, await limit(world.alice, "max-devices", -1), "max-devices in discovery")
        phone, tablet = new_device(draft), new_device(draft, TABLET)
        await publish(world.alice, phone, phone.prekeys(1))
        handshake = await shake_hands(world.alice, tablet, IQ)
        inner = handshake.publication([], tablet.client_profile).encode(handshake.keys)
        same(Failure(), await finish(world.alice, handshake, inner, IQ), "answer to a second device")
        await publish(world.alice, phone, phone.prekeys(1))  # renewing is never refused
    await publish(world.alice, tablet, [])


@commands.promise(draft=DRAFTS)
async def answers_come_in_fragments_when_a_length_is_set(world: World, draft: Draft) -> None:
    device = new_device(draft)
    await stock(world, device, 2)
    sender, longest = random_tag(), 500
    request = armour(ensemble_query(sender, world.alice.bare))
    async with changed_limits(world, {FRAGMENT_LENGTH: str(longest)}):
        world.bob.send(request)
        parts = [body_of(await world.bob.answer())]
        match = re.match(r"\?OTRP\|[0-9a-fA-F]{1,8}\|[0-9a-fA-F]{1,8}\|0*([0-9a-fA-F]+),[0-9]+,([0-9]+),", parts[0])
        check(match, f"not a fragment: {parts[0][:60]}")
        assert match
        while len(parts) < int(match[2]):
            parts.append(body_of(await world.bob.answer()))
        for part in parts:
            check(len(part) <= longest, f"a fragment of {len(part)} characters")
        answer = unarmour(join(parts))
        only_message(read_retrieval(answer, sender, world.alice.bare, time.time()), device)
        same(f"{sender:x}", match[1].lower(), "receiver of the fragments")
        only_message(await query(world.bob, world.alice.bare, IQ), device)  # an IQ has room for the whole answer
    world.bob.send(request)
    same(0x0E, unarmour(body_of(await world.bob.answer()))[2], "type of a whole answer")


@commands.promise()
async def who_is_blocked_may_not_publish_until_unblocked(world: World) -> None:
    for address in (world.alice.bare, world.stranger.bare.partition("@")[2]):
        command = Command(world.admin, BLOCK)
        same("text-multi", executing(await command.start()).filled.field(ADDRESSES).type, "type")
        await command.complete(addresses=[address])
    try:
        dake1 = Handshake(new_device(SPEC), world.alice.bare, world.component).dake1()
        await refused(PUBLISHER_NOT_ALLOWED, IQ.exchange(world.alice, "dake", dake1), "DAKE-1 of a blocked account")
    finally:
        command = Command(world.admin, UNBLOCK)
        field = executing(await command.start()).filled.field(ADDRESSES)
        same("list-multi", field.type, "type")
        await command.complete(addresses=field.options)
        check(world.alice.bare in field.options, f"alice is not among the blocked: {field.options}")
    await shake_hands(world.alice, new_device(SPEC), IQ)
    stage = await Command(world.admin, UNBLOCK).start()
    left = stage.form.fields[ADDRESSES].options if stage.form and ADDRESSES in stage.form.fields else []
    same([], left, "blocked addresses")


@commands.promise()
async def an_address_that_is_none_cannot_be_blocked(world: World) -> None:
    command = Command(world.admin, BLOCK)
    await command.start()
    await turned_down(command, addresses=["@@"])


@commands.promise()
async def expire_completes_with_a_note(world: World) -> None:
    check(completed(await Command(world.admin, EXPIRE).start()).notes, "no note")


@commands.promise()
async def reload_completes_with_a_note(world: World) -> None:
    check(completed(await Command(world.admin, RELOAD).start()).notes, "no note")


@commands.promise()
async def backup_writes_a_new_file_and_spares_an_old_one(world: World) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "prekeys.backup")
        command = Command(world.admin, BACKUP)
        executing(await command.start()).filled.field(PATH)
        await command.complete(path=str(path))
        check(path.is_file() and path.stat().st_size > 0, f"no backup at {path}")
        same(0, path.stat().st_mode & 0o077, "access of others to the backup")
        path.write_bytes(b"old")
        for wrong in (str(path), "relative.backup"):
            command = Command(world.admin, BACKUP)
            await command.start()
            await turned_down(command, path=wrong)
        same(b"old", path.read_bytes(), "the old file")
        check(not Path("relative.backup").exists(), "a relative path was taken")


@commands.promise()
async def announce_tells_owners_of_low_stock_once(world: World) -> None:
    check(await limit(world.alice, "low-mark", 1) >= 1, "the test wants a low mark of 1 at least")
    device = passing_device(SPEC)
    await publish(world.alice, device, device.prekeys(1))
    check(completed(await Command(world.admin, ANNOUNCE).start()).notes, "no note")
    check_notice(world, await first_notice(world, device), remaining=1)
    completed(await Command(world.admin, ANNOUNCE).start())
    await asyncio.sleep(xmpp.QUIET)
    same(1, len(notices(world, device)), "notices within an hour")


# ---------------------------------------------------------------------------------------------------------------------
# Commands of users


@commands.promise(draft=DRAFTS)
async def users_see_their_own_devices(world: World, draft: Draft) -> None:
    device = new_device(draft)
    await stock(world, device, 2)
    row = await row_of(world.alice, MY_DEVICES, device.tag)
    same("2", row["prekey-messages"], "prekey-messages")
    tags = [row["instance-tag"].lower() for row in await table(world.bob, MY_DEVICES, set())]
    check(f"{device.tag:08x}" not in tags, "bob sees a device of alice")


@commands.promise(draft=DRAFTS)
async def a_user_forgets_a_device(world: World, draft: Draft) -> None:
    phone, tablet = new_device(draft), new_device(draft, TABLET)
    await stock(world, phone, 2)
    await publish(world.alice, tablet, tablet.prekeys(1))
    command = Command(world.alice, FORGET_DEVICE)
    stage = executing(await command.start())
    check({phone.tag, tablet.tag} <= tags_of(stage), "not all devices to choose from")
    await command.complete(devices=[option_of(stage, phone.tag)])
    same(0, await storage_status(world.alice, phone), "status of what is forgotten")
    only_message(await query(world.bob, world.alice.bare), tablet)


@commands.promise()
async def a_device_that_is_not_offered_cannot_be_forgotten(world: World) -> None:
    device = new_device(SPEC)
    await stock(world, device, 1)
    command = Command(world.alice, FORGET_DEVICE)
    await command.start()
    await turned_down(command, devices=["00000000", "zzz"])
    same(1, await storage_status(world.alice, device), "status")


@commands.promise()
async def forgetting_everything_wants_a_confirmation(world: World) -> None:
    device = new_device(SPEC)
    await stock(world, device, 2)
    command = Command(world.alice, FORGET)
    same("boolean", executing(await command.start()).filled.field(CONFIRM).type, "type")
    try:
        await command.send("complete", confirm="0")
    except StanzaError:
        pass
    same(2, await storage_status(world.alice, device), "status without confirmation")
    command = Command(world.alice, FORGET)
    await command.start()
    await command.complete(confirm="1")
    same(0, await storage_status(world.alice, device), "status")
    same((), (await query(world.bob, world.alice.bare)).ensembles, "ensembles")
    same([], await table(world.alice, MY_DEVICES, set()), "devices")
