"""What the live suite stands on: XMPP users (slixmpp without TLS), stanza errors, forms, a runner that prints TAP."""

from __future__ import annotations

import asyncio
import itertools
import logging
import sys
import traceback
import xml.etree.ElementTree as ET
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

logging.basicConfig(level=logging.CRITICAL)  # slixmpp logs warnings of its own

import slixmpp  # noqa: E402
from slixmpp.exceptions import IqError, IqTimeout  # noqa: E402
from slixmpp.xmlstream.handler import Callback  # noqa: E402
from slixmpp.xmlstream.matcher import MatchXPath  # noqa: E402

TIME_LIMIT = 10.0
"""Seconds for a test, and for a login."""

ANSWER_LIMIT = 8.0
"""Seconds for one answer, so that its absence is told before the test's time is over."""

QUIET = 0.7
"""Seconds without a stanza that count as no answer."""

CLIENT = "jabber:client"
STANZAS = "urn:ietf:params:xml:ns:xmpp-stanzas"
PREKEEPER = "prekeeper:otrv4-prekey:0"
DISCO_INFO = "http://jabber.org/protocol/disco#info"
DISCO_ITEMS = "http://jabber.org/protocol/disco#items"
COMMANDS = "http://jabber.org/protocol/commands"
DATA_FORM = "jabber:x:data"


def element(namespace: str, name: str, text: str | None = None, /, **attributes: str) -> ET.Element:
    made = ET.Element(f"{{{namespace}}}{name}", attributes)
    made.text = text
    return made


def show(xml: ET.Element) -> str:
    return ET.tostring(xml, encoding="unicode")


# ---------------------------------------------------------------------------------------------------------------------
# Checks


def check(condition: object, what: str) -> None:
    """Unlike assert it cannot be switched off."""
    if not condition:
        raise AssertionError(what)


def same(expected: object, found: object, what: str) -> None:
    check(expected == found, f"{what}: expected {brief(expected)}, found {brief(found)}")


def brief(value: object) -> str:
    """Ensembles are long."""
    text = repr(value)
    return text if len(text) <= 250 else f"{text[:150]}…{text[-80:]}"


@dataclass(frozen=True)
class Refusal:
    """A row of the table of errors: what a stanza error must look like. None for any type."""

    type: str | None
    condition: str
    application: str | None = None
    namespace: str = PREKEEPER


class StanzaError(Exception):
    """An IQ was answered by an error."""

    def __init__(self, iq: ET.Element) -> None:
        error = iq.find(f"{{{CLIENT}}}error")
        check(error is not None, "an IQ of type error has no <error/>")
        assert error is not None
        self.type = error.get("type")
        self.condition: str | None = None
        self.application: ET.Element | None = None
        text = ""
        for child in error:
            namespace, _, name = child.tag[1:].partition("}")
            if namespace != STANZAS:
                self.application = child
            elif name == "text":
                text = child.text or ""
            else:
                self.condition = name
        application = "" if self.application is None else show(self.application)
        super().__init__(f"{self.type} {self.condition} {application} {text}".rstrip())

    def check(self, refusal: Refusal, what: str) -> None:
        same(refusal.condition, self.condition, f"{what}: condition")
        if refusal.type:
            same(refusal.type, self.type, f"{what}: type of the error")
        application = None if self.application is None else self.application.tag
        expected = refusal.application and f"{{{refusal.namespace}}}{refusal.application}"
        same(expected, application, f"{what}: application element")


async def refused(refusal: Refusal, request: Awaitable[object], what: str) -> StanzaError:
    """Awaits a request that must be answered by this error."""
    try:
        answer = await request
    except StanzaError as error:
        error.check(refusal, what)
        return error
    raise AssertionError(f"{what}: expected {refusal.condition}, found an answer: {brief(answer)}")


# ---------------------------------------------------------------------------------------------------------------------
# Users


class User:
    """One connected resource of an account."""

    def __init__(self, bare: str, password: str, resource: str, component: str) -> None:
        self.bare = bare
        self.component = component
        self.full = f"{bare}/{resource}"
        self._stream = slixmpp.ClientXMPP(self.full, password)
        self._stream["feature_mechanisms"].unencrypted_plain = True
        self._stream["feature_mechanisms"].unencrypted_scram = True
        self._ids = itertools.count(1)
        self._answers: asyncio.Queue[ET.Element] = asyncio.Queue()
        self.notices: list[ET.Element] = []
        """Low-stock notices so far; they may come at any time, so they are kept apart from answers."""
        self._stream.register_handler(Callback("any message", MatchXPath(f"{{{CLIENT}}}message"), self._receive))

    async def login(self, host: str, port: int) -> None:
        started: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def settle(error: str | None) -> Callable[[object], None]:
            def settled(_: object) -> None:
                if not started.done():
                    started.set_exception(ConnectionError(error)) if error else started.set_result(None)

            return settled

        self._stream.add_event_handler("session_start", settle(None))
        for event in ("failed_all_auth", "connection_failed", "disconnected"):
            self._stream.add_event_handler(event, settle(f"{self.full} could not log in: {event}"))
        self._stream.connect((host, port), disable_starttls=True, force_starttls=False)
        await asyncio.wait_for(started, TIME_LIMIT)
        self.full = str(self._stream.boundjid)
        self._stream.send_presence()
        await self.iq("set", element("urn:xmpp:carbons:2", "enable"), to=self.bare)

    async def logout(self) -> None:
        self._stream.disconnect(wait=0.5)
        await asyncio.sleep(0.1)

    async def iq(self, kind: str, *children: ET.Element, to: str | None = None) -> ET.Element:
        """Sends an IQ, to the component by default; returns the result or raises `StanzaError`."""
        iq = self._stream.Iq()
        iq["type"] = kind
        iq["to"] = to or self.component
        for child in children:
            iq.append(child)
        try:
            answer = (await iq.send(timeout=ANSWER_LIMIT)).xml
        except IqError as error:
            raise StanzaError(error.iq.xml) from None
        except IqTimeout:
            raise AssertionError(f"no answer to {show(iq.xml)[:300]}") from None
        same(to or self.component, answer.get("from", self.bare), "sender of an IQ result")
        return answer

    async def get(self, namespace: str, name: str = "query", to: str | None = None, **attributes: str) -> ET.Element:
        """Sends a get with an empty element and returns that of the result."""
        answer = await self.iq("get", element(namespace, name, **attributes), to=to)
        payload = answer.find(f"{{{namespace}}}{name}")
        check(payload is not None, f"no {name} of {namespace} in {show(answer)[:300]}")
        assert payload is not None
        return payload

    def send(self, body: str | None, kind: str = "chat", to: str | None = None, *more: ET.Element) -> str:
        """Sends a message, to the component by default; returns its id."""
        message = ET.Element("message", {"type": kind, "to": to or self.component, "id": f"m{next(self._ids)}"})
        if body is not None:
            ET.SubElement(message, "body").text = body
        message.extend(more)
        self._stream.send_raw(show(message))
        return message.attrib["id"]

    async def answer(self) -> ET.Element:
        """The next message from the component's domain that is no notice."""
        try:
            return await asyncio.wait_for(self._answers.get(), ANSWER_LIMIT)
        except asyncio.TimeoutError:
            raise AssertionError("no answer by message") from None

    async def silence(self, what: str) -> None:
        """Checks that no message comes for a while."""
        await asyncio.sleep(QUIET)
        if not self._answers.empty():
            raise AssertionError(f"{what}: expected silence, found {show(self._answers.get_nowait())[:300]}")

    def forget_answers(self) -> None:
        """Drops what an earlier test, which failed, did not fetch."""
        while not self._answers.empty():
            self._answers.get_nowait()

    def _receive(self, stanza: Any) -> None:
        message: ET.Element = stanza.xml
        if message.find(f"{{{PREKEEPER}}}low") is not None:
            self.notices.append(message)
        elif self.component in show(message):  # also what Prosody forwards as a carbon copy
            if message.find("{urn:xmpp:carbons:2}sent") is None:
                self._answers.put_nowait(message)


# ---------------------------------------------------------------------------------------------------------------------
# Data forms: XEP-0004


@dataclass
class Field:
    type: str | None
    values: list[str]
    options: list[str]

    @property
    def value(self) -> str:
        check(len(self.values) == 1, f"one value expected, found {self.values!r}")
        return self.values[0]


@dataclass
class Form:
    type: str | None
    fields: dict[str, Field]
    reported: list[str] = field(default_factory=list)
    items: list[dict[str, str]] = field(default_factory=list)

    @staticmethod
    def read(x: ET.Element) -> Form:
        def texts(parent: ET.Element, path: str) -> list[str]:
            return [found.text or "" for found in parent.findall(path)]

        form = Form(x.get("type"), {})
        for one in x.findall(f"{{{DATA_FORM}}}field"):
            options = texts(one, f"{{{DATA_FORM}}}option/{{{DATA_FORM}}}value")
            values = texts(one, f"{{{DATA_FORM}}}value")
            form.fields[one.get("var", "")] = Field(one.get("type"), values, options)
        for one in x.findall(f"{{{DATA_FORM}}}reported/{{{DATA_FORM}}}field"):
            form.reported.append(one.get("var", ""))
        for item in x.findall(f"{{{DATA_FORM}}}item"):
            cells = item.findall(f"{{{DATA_FORM}}}field")
            form.items.append({cell.get("var", ""): "\n".join(texts(cell, f"{{{DATA_FORM}}}value")) for cell in cells})
        return form

    def field(self, var: str) -> Field:
        check(var in self.fields, f"no field {var!r} among {sorted(self.fields)}")
        return self.fields[var]


def submission(values: dict[str, str | list[str]]) -> ET.Element:
    x = element(DATA_FORM, "x", type="submit")
    for var, value in values.items():
        one = ET.SubElement(x, f"{{{DATA_FORM}}}field", {"var": var})
        for text in [value] if isinstance(value, str) else value:
            ET.SubElement(one, f"{{{DATA_FORM}}}value").text = text
    return x


# ---------------------------------------------------------------------------------------------------------------------
# Promises: named tests, and what runs them


@dataclass(frozen=True)
class Promise:
    function: Callable[..., Awaitable[None]]
    cases: dict[str, Sequence[Any]]

    @property
    def name(self) -> str:
        return self.function.__name__.replace("_", " ")


class Promises:
    """A group of tests, in the order of their definition."""

    def __init__(self) -> None:
        self.all: list[Promise] = []

    def promise(self, **cases: Sequence[Any]) -> Callable[[Callable[..., Awaitable[None]]], Any]:
        """Makes an async function a test; it runs once for every combination of the arguments given here."""

        def register(function: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
            self.all.append(Promise(function, cases))
            return function

        return register


async def run(groups: Iterable[Promises], world: Any, before_each: Callable[[], None], only: str = "") -> bool:
    """Runs all, prints TAP, and tells whether all went well."""
    number = failures = 0
    for promise in (promise for group in groups for promise in group.all):
        for values in itertools.product(*promise.cases.values()):
            name = promise.name
            if values:
                name += f" ({', '.join(str(value) for value in values)})"
            if only not in name:
                continue
            number += 1
            before_each()
            try:
                await asyncio.wait_for(promise.function(world, *values), TIME_LIMIT)
                print(f"ok {number} - {name}", flush=True)
            except asyncio.TimeoutError:
                failures += 1
                print(f"not ok {number} - {name}\n# not done in {TIME_LIMIT:.0f} s", flush=True)
            except Exception as wrong:
                failures += 1
                print(f"not ok {number} - {name}\n{_diagnosis(wrong)}", flush=True)
    print(f"1..{number}", flush=True)
    if failures:
        print(f"# {failures} of {number} failed", flush=True)
    return number > 0 and failures == 0


def _diagnosis(wrong: Exception) -> str:
    """The reason, and the lines of the test that lead to it."""
    here = [frame for frame in traceback.extract_tb(sys.exc_info()[2]) if "suite" in frame.filename]
    where = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(here[1:]))
    text = f"{type(wrong).__name__}: {wrong}" if not isinstance(wrong, AssertionError) else str(wrong)
    return "\n".join(f"# {line}" for line in [*text.splitlines(), f"at {where}"])
