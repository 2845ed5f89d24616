"""Replays the known answers in src/test/resources/vectors with otrv4.py. Run: /usr/bin/python3 -m unittest"""

from __future__ import annotations

import dataclasses
import json
import unittest
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import otrv4 as o
from otrv4 import DEPLOYED, DRAFTS, SPEC, Draft, Invalid, KeyPair, Malformed, Reader, Usage

VECTORS = Path(__file__).resolve().parent.parent / "resources" / "vectors"

NOW = 1_800_000_000
"""2027: all profiles of the vectors are valid then, but for those that are meant to be expired."""


def vectors(name: str) -> Any:
    return json.loads((VECTORS / name).read_text())


def unhex(digits: str) -> bytes:
    return bytes.fromhex(digits)


def keys(digits: str) -> KeyPair:
    return KeyPair(unhex(digits))


def little(digits: str) -> int:
    return int.from_bytes(unhex(digits), "little")


def flipped(encoded: bytes, at: int) -> bytes:
    changed = bytearray(encoded)
    changed[at] ^= 1
    return bytes(changed)


class Ed448Test(unittest.TestCase):
    """Laws of the group, with the edges of the scalars."""

    def test_base_point_is_on_the_curve_and_has_order_q(self) -> None:
        self.assertEqual(o.G, o.Point.decode(o.G.encode()))
        self.assertEqual(o.IDENTITY, o.q * o.G)

    def test_multiplication_distributes_over_addition(self) -> None:
        for a in (0, 1, 2, 15, 16, 17, o.q - 1, o.q, o.q + 1, o.random_scalar()):
            for b in (0, 1, o.q - 1, o.random_scalar()):
                self.assertEqual((a + b) * o.G, a * o.G + b * o.G)
                self.assertEqual((a - b) * o.G, a * o.G - b * o.G)

    def test_doubling_is_adding_to_itself(self) -> None:
        point = o.random_scalar() * o.G
        self.assertEqual(point + point, point.double())
        self.assertEqual(o.IDENTITY, o.IDENTITY.double())

    def test_points_of_small_order_are_no_valid_points(self) -> None:
        for y in (1, o.p - 1, 0):  # the identity, order 2, order 4
            with self.assertRaises(Invalid):
                o.valid_point(y.to_bytes(57, "little"))

    def test_points_outside_of_the_subgroup_are_no_valid_points(self) -> None:
        order_2 = o.Point(0, o.p - 1)
        with self.assertRaises(Invalid):
            o.valid_point((o.G + order_2).encode())

    def test_odd_encodings_are_refused(self) -> None:
        sign = 1 << 455
        for number in (o.p, o.p + 1, 1 | sign, o.p - 1 | sign, 1 << 448):
            with self.assertRaises(Invalid):
                o.Point.decode(number.to_bytes(57, "little"))

    def test_ecdh_agrees_in_both_drafts(self) -> None:
        a, b = KeyPair.generate(), KeyPair.generate()
        for draft in DRAFTS:
            self.assertEqual(draft.ecdh(a, b.public), draft.ecdh(b, a.public))

    def test_public_key_is_secret_times_base_in_both_drafts(self) -> None:
        a = KeyPair.generate()
        for draft in DRAFTS:
            self.assertEqual(a.public, (draft.secret(a) * draft.b).encode())


class TextTest(unittest.TestCase):
    def test_fragments_join_in_any_order(self) -> None:
        text = o.armour(bytes(range(256)) * 3)
        parts = o.fragments(text, 100, 0xBADCAFE, 0x1A2B3C4D)
        self.assertGreater(len(parts), 3)
        self.assertEqual(text, o.join(parts))
        self.assertEqual(text, o.join(reversed(parts)))

    def test_incomplete_or_mixed_fragments_are_refused(self) -> None:
        one, two = o.fragments("abcd.", 3, 1, 0x100)
        other = o.fragments("abcd.", 3, 2, 0x100)[1]
        for parts in ([], [one], [one, other], [one, two.replace(",2,2,", ",3,2,")]):
            with self.assertRaises(Malformed):
                o.join(parts)

    def test_armour_is_strict(self) -> None:
        self.assertEqual(b"\0\4", o.unarmour("AAQ=."))
        for text in ("AAQ=", "AAQ.", "AAR=.", "A AQ=.", "", "====."):
            with self.assertRaises(Malformed):
                o.unarmour(text)


class FlowTest(unittest.TestCase):
    """flow-spec.json and flow-deployed.json: a whole flow of each draft with every intermediate value."""

    def flows(self) -> Iterator[tuple[Draft, Any]]:
        for draft, name in ((SPEC, "flow-spec.json"), (DEPLOYED, "flow-deployed.json")):
            with self.subTest(draft=str(draft)):
                yield draft, vectors(name)

    def test_server_identity(self) -> None:
        for draft, flow in self.flows():
            server = flow["server"]
            H_s = keys(server["symmetric_key"]).public
            self.assertEqual(server["public_key"], H_s.hex())
            self.assertEqual(server["fingerprint"].upper(), draft.fingerprint(H_s))
            self.assertEqual(server["composite_identity"], o.composite_identity(draft, server["jid"], H_s).hex())

    def test_profiles_are_made_again_byte_for_byte(self) -> None:
        for draft, flow in self.flows():
            publisher = flow["publisher"]
            long_term = keys(publisher["symmetric_key"])
            self.assertEqual(publisher["public_key"], long_term.public.hex())
            tag, expires = publisher["instance_tag"], publisher["expiration"]
            client = o.ClientProfile.make(draft, tag, long_term, unhex(publisher["forging_public_key"]), expires)
            self.assertEqual(publisher["client_profile"], client.encoded.hex())
            D = unhex(publisher["shared_prekey_public"])
            prekey = o.PrekeyProfile.make(draft, tag, long_term, D, expires)
            self.assertEqual(publisher["prekey_profile"], prekey.encoded.hex())

    def test_profiles_are_read_and_valid(self) -> None:
        for draft, flow in self.flows():
            publisher = flow["publisher"]
            tag = publisher["instance_tag"]
            reader = Reader(unhex(publisher["client_profile"]))
            client = o.ClientProfile.read(reader)
            reader.finish()
            self.assertEqual(draft, client.draft)
            client.validate(tag, NOW)
            reader = Reader(unhex(publisher["prekey_profile"]))
            prekey = o.PrekeyProfile.read(reader, draft)
            reader.finish()
            prekey.validate(tag, client.long_term, NOW)
            for profile, authority in ((client, ()), (prekey, (client.long_term,))):
                with self.assertRaises(Invalid):
                    profile.validate(tag + 1, *authority, NOW)
                with self.assertRaises(Invalid):
                    profile.validate(tag, *authority, profile.expires)
                with self.assertRaises(Invalid):
                    spoiled = dataclasses.replace(profile, encoded=flipped(profile.encoded, -60))
                    spoiled.validate(tag, *authority, NOW)

    def test_every_truncation_of_a_profile_is_malformed(self) -> None:
        for draft, flow in self.flows():
            encoded = unhex(flow["publisher"]["client_profile"])
            for length in range(len(encoded)):
                with self.assertRaises(Malformed):
                    o.ClientProfile.read(Reader(encoded[:length]))

    def test_prekey_messages(self) -> None:
        for _, flow in self.flows():
            for row in flow["prekey_messages"]:
                reader = Reader(unhex(row["bytes"]))
                message = o.PrekeyMessage.read(reader)
                reader.finish()
                self.assertEqual(row["identifier"], message.identifier)
                self.assertEqual(row["bytes"], message.encode().hex())
                message.validate(flow["publisher"]["instance_tag"])

    def test_handshakes(self) -> None:
        for draft, flow in self.flows():
            for row in flow["handshakes"]:
                with self.subTest(kind=row["kind"]):
                    self.replay(draft, flow, row)

    def replay(self, draft: Draft, flow: Any, row: Any) -> None:
        publisher, server = flow["publisher"], flow["server"]
        profile = o.ClientProfile.read(Reader(unhex(publisher["client_profile"])))
        device = o.Device.make(draft, profile.owner, profile.expires, long_term=keys(publisher["symmetric_key"]))
        device = dataclasses.replace(device, client_profile=profile)
        ephemeral = keys(row["client_ephemeral_symmetric_key"])
        handshake = o.Handshake(device, publisher["jid"], server["jid"], ephemeral)
        self.assertEqual(row["I"], handshake.I.hex())
        self.assertEqual(row["phi"], handshake.phi.hex())
        self.assertEqual(row["dake1"], o.armour(handshake.dake1()))

        dake2 = o.unarmour(row["dake2"])
        handshake.on_dake2(dake2, server["fingerprint"].upper())
        self.assertEqual(row["S"], handshake.S.hex())
        self.assertEqual(row["t_dake2"], handshake.t_dake2.hex())
        self.assertEqual(row["t_dake3"], handshake.t_dake3.hex())
        self.assertEqual(row["SK"], handshake.keys.SK.hex())
        self.assertEqual(row["mac_key"], handshake.keys.K_mac.hex())
        self.assertEqual(row["proof_context"], handshake.keys.m.hex())
        for at in (-1, -70, -400, 3):  # two scalars, the key, the tag
            with self.assertRaises((Invalid, Malformed)):
                handshake.on_dake2(flipped(dake2, at))
        handshake.on_dake2(dake2)

        # theirs, as a server would verify it
        reader = Reader(o.unarmour(row["dake3"]))
        reader.expect(0x37)
        self.assertEqual(profile.owner, reader.int())
        sigma, inner = o.RingSignature.read(reader, draft), reader.data()
        reader.finish()
        ring = (profile.long_term, handshake.H_s, handshake.S)
        sigma.verify(draft, ring, handshake.t_dake3)
        self.assertEqual(row["inner"], inner.hex())
        with self.assertRaises(Invalid):
            sigma.verify(draft, ring, handshake.t_dake2)
        with self.assertRaises(Invalid):
            sigma.verify(draft, (ring[1], ring[0], ring[2]), handshake.t_dake3)
        if row["kind"] == "status":
            self.assertEqual(row["inner"], handshake.storage_request().hex())
            expected: object = o.StorageStatus(4)
        else:
            o.Publication.verify(inner, draft, handshake.keys, profile, NOW)
            expected = o.Success()

        # ours, the same way
        reader = Reader(handshake.dake3(inner))
        reader.take(7)
        o.RingSignature.read(reader, draft).verify(draft, ring, handshake.t_dake3)

        self.assertEqual(expected, handshake.on_answer(o.unarmour(row["reply"])))
        self.assertEqual(o.Failure(), handshake.on_answer(o.unarmour(row["failure_reply"])))
        with self.assertRaises(Invalid):
            handshake.on_answer(flipped(o.unarmour(row["reply"]), -1))

    def test_own_publications_verify(self) -> None:
        for draft in DRAFTS:
            device = o.Device.make(draft, 0x100, NOW + 1)
            session = o.SessionKeys(bytes(64))
            handshake = o.Handshake(device, "alice@example.org", "prekey.example.org")
            handshake.keys = session
            shared = {"prekey_profile": device.prekey_profile, "shared_prekey": device.shared_prekey}
            for prekeys in ([], device.prekeys(2)):
                for client in ({}, {"client_profile": device.client_profile}):
                    for prekey in ({}, shared):
                        publication = handshake.publication(prekeys, **client, **prekey)  # type: ignore[arg-type]
                        encoded = publication.encode(session)
                        verify = lambda b: o.Publication.verify(b, draft, session, device.client_profile, NOW)
                        self.assertEqual(publication, verify(encoded))
                        with self.assertRaises(Invalid):
                            verify(flipped(encoded, -1))

    def test_retrieval(self) -> None:
        for draft, flow in self.flows():
            row, jid = flow["retrieval"], flow["publisher"]["jid"]
            sender = 0xB0B00001
            self.assertEqual(row["query"], o.armour(o.ensemble_query(sender, jid)))
            answer = o.unarmour(row["answer_with_first_message"])
            retrieval = o.read_retrieval(answer, sender, jid, NOW)
            self.assertEqual(draft, retrieval.draft)
            (ensemble,) = retrieval.ensembles
            self.assertEqual(flow["publisher"]["client_profile"], ensemble.client_profile.encoded.hex())
            self.assertEqual(flow["publisher"]["prekey_profile"], ensemble.prekey_profile.encoded.hex())
            self.assertEqual(flow["prekey_messages"][0]["bytes"], ensemble.message.encode().hex())
            for length in range(len(answer)):
                with self.assertRaises(Malformed):
                    o.read_retrieval(answer[:length], sender, jid, NOW)
            with self.assertRaises(Invalid):
                o.read_retrieval(answer, sender + 1, jid, NOW)
            with self.assertRaises(Invalid):
                o.read_retrieval(answer, sender, "mallory@example.org", NOW)
            with self.assertRaises(Invalid):
                o.read_retrieval(answer, sender, jid, ensemble.client_profile.expires)
            empty = o.read_retrieval(o.unarmour(row["answer_when_empty"]), sender, jid, NOW)
            self.assertEqual((), empty.ensembles)


class GoServerTest(unittest.TestCase):
    """go-server.json: what the Go server computed. Its randomness is known, so signatures and proofs come out equal."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.go = vectors("go-server.json")

    def assert_keys(self, row: Any) -> KeyPair:
        pair = keys(row["sym"])
        self.assertEqual(little(row["clamped"]), pair.a)
        self.assertEqual(little(row["scalar"]), DEPLOYED.secret(pair))
        self.assertEqual(row["point"], pair.public.hex())
        return pair

    def device(self) -> o.Device:
        """The client: its profiles come out equal since EdDSA is deterministic."""
        client, profile = self.go["client"], self.go["prekey_profile"]
        tag = int(client["instance_tag"], 16)
        long_term, shared = self.assert_keys(client["long_term"]), self.assert_keys(profile["shared_prekey"])
        forging = self.assert_keys(client["forging"]).public
        client_profile = o.ClientProfile.make(
            DEPLOYED, tag, long_term, forging, client["expiration"], client["versions"].encode()
        )
        prekey_profile = o.PrekeyProfile.make(DEPLOYED, tag, long_term, shared.public, profile["expiration"])
        return o.Device(DEPLOYED, tag, long_term, shared, client_profile, prekey_profile)

    def prekeys(self) -> list[o.OneTimeKeys]:
        made = []
        for row in self.go["prekey_messages"]:
            y, b = self.assert_keys(row["y"]), o.DhKeyPair(int(row["b_private"], 16))
            made.append(
                o.OneTimeKeys(
                    o.PrekeyMessage(int(row["identifier"], 16), self.device().tag, y.public, b.public), y, b
                )
            )
        return made

    def test_group(self) -> None:
        dh = self.go["dh"]
        self.assertEqual((2, int(dh["p"], 16), int(dh["q"], 16)), (int(dh["g3"], 16), o.DH_p, o.DH_q))

    def test_kdf_of_every_usage(self) -> None:
        row = self.go["kdf_prekey_server"]
        value = unhex(row["input"])
        self.assertEqual(set(row["out_by_usage"]), {f"{usage:02x}" for usage in Usage})
        for usage in Usage:
            self.assertEqual(row["out_by_usage"][f"{usage:02x}"], o.KDF(usage, value, row["size"]).hex())
        self.assertEqual(row["usage_17_size_132"], o.KDF(Usage.PROOF_COEFFICIENTS, value, 132).hex())

    def test_fingerprints_and_eddsa(self) -> None:
        for row in self.go["fingerprints"]:
            pair = self.assert_keys(row)
            self.assertEqual(row["ed448_pubkey"], DEPLOYED.key(o.ED448_PUBKEY, pair.public).hex())
            self.assertEqual(row["fingerprint"].upper(), DEPLOYED.fingerprint(pair.public))
            self.assertEqual(row["eddsa_signature_of_ascii_message_to_sign"], pair.sign(b"message to sign").hex())

    def test_profiles_and_prekey_messages(self) -> None:
        device = self.device()
        self.assertEqual(self.go["client"]["client_profile"], device.client_profile.encoded.hex())
        self.assertEqual(self.go["prekey_profile"]["serialized"], device.prekey_profile.encoded.hex())
        for prekey, row in zip(self.prekeys(), self.go["prekey_messages"]):
            self.assertEqual(int(row["b_public"], 16), prekey.b.public)
            self.assertEqual(row["serialized"], prekey.message.encode().hex())

    def test_flows(self) -> None:
        self.assertEqual(7, len(self.go["flows"]))
        for name, row in self.go["flows"].items():
            with self.subTest(flow=name):
                self.replay(row)

    def replay(self, row: Any) -> None:
        server = self.go["server"]
        H_s = self.assert_keys(server["long_term"]).public
        ephemeral = self.assert_keys(row["client_ephemeral_i"])
        handshake = o.Handshake(self.device(), row["from"], server["identity"], ephemeral)
        self.assertEqual(row["phi"], handshake.phi.hex())
        self.assertEqual(row["dake1"]["hex"], handshake.dake1().hex())
        self.assertEqual(row["dake1"]["encoded"], o.armour(handshake.dake1()))

        handshake.on_dake2(o.unarmour(row["dake2"]["encoded"]), server["fingerprint"].upper())
        self.assertEqual(row["composite_identity"], handshake.composite.hex())
        self.assertEqual(row["dake2_t"], handshake.t_dake2.hex())
        self.assertEqual(row["dake3_t"], handshake.t_dake3.hex())
        self.assertEqual(row["SK_ecdh"], DEPLOYED.ecdh(ephemeral, handshake.S).hex())
        self.assertEqual(row["SK"], handshake.keys.SK.hex())
        self.assertEqual(row["prekey_mac_k"], handshake.keys.K_mac.hex())
        self.assertEqual(H_s, handshake.H_s)

        self.check_ring_signature(row["dake2_ring_signature"])
        self.check_ring_signature(row["dake3_ring_signature"])
        random = self.ring_randomness(row["dake3_ring_signature"])
        dake3 = handshake.dake3(unhex(row["inner"]["message"]), random=random)
        self.assertEqual(row["dake3"]["hex"], dake3.hex())
        self.check_inner(handshake, row["inner"])

        answer = handshake.on_answer(o.unarmour(row["reply"]["encoded"]))
        expected = o.StorageStatus(row["reply_number"]) if "reply_number" in row else o.Success()
        self.assertEqual(expected, answer)
        if "failure_message_for_same_session" in row:
            failure = o.unarmour(row["failure_message_for_same_session"]["encoded"])
            self.assertEqual(o.Failure(), handshake.on_answer(failure))

    def ring_randomness(self, row: Any) -> o.RandomScalar:
        """What `ring_sign` has to draw to make this signature: t, then c and r of the others."""
        j = row["secret_index"]
        names = [f"t{j}"] + [f"{part}{i}" for i in (1, 2, 3) if i != j for part in "cr"]
        return iter([little(row["random"][name]["scalar"]) for name in names]).__next__

    def check_ring_signature(self, row: Any) -> None:
        ring = [unhex(row[f"A{i}"]) for i in (1, 2, 3)]
        reader = Reader(unhex(row["sigma"]))
        sigma = o.RingSignature.read(reader, DEPLOYED)
        reader.finish()
        self.assertEqual(sigma.c, tuple(little(row[f"C{i}"]) for i in (1, 2, 3)))
        self.assertEqual(sigma.r, tuple(little(row[f"R{i}"]) for i in (1, 2, 3)))
        T = sigma.commitments(DEPLOYED, ring)
        self.assertEqual([row[f"T{i}"] for i in (1, 2, 3)], [T_i.hex() for T_i in T])
        self.assertEqual(little(row["c"]), o.ring_challenge(DEPLOYED, ring, T, unhex(row["t"])))
        self.assertEqual(little(row["c_hash"]) % o.q, little(row["c"]))
        sigma.verify(DEPLOYED, ring, unhex(row["t"]))
        self.assertEqual(row["sigma"], sigma.encode(DEPLOYED).hex())

    def check_inner(self, handshake: o.Handshake, row: Any) -> None:
        encoded = unhex(row["message"])
        if encoded[2] == 0x09:
            self.assertEqual(row["message"], handshake.storage_request().hex())
            return
        m = handshake.keys.m
        self.assertEqual(row["proof_context_m"], m.hex())
        publication = o.Publication.verify(
            encoded, DEPLOYED, handshake.keys, self.device().client_profile, NOW
        )
        self.assertEqual(row["N"], len(publication.messages))
        self.assertEqual(row["mac"], publication.mac(handshake.keys.K_mac).hex())
        self.assertEqual(row["message"], publication.encode(handshake.keys).hex())
        proofs = b""
        if "prekey_message_ecdh_proof" in row:
            proofs += self.check_ecdh_proof(
                row["prekey_message_ecdh_proof"], Usage.PROOF_MESSAGE_ECDH, [keys.y for keys in self.prekeys()], m
            )
            proofs += self.check_dh_proof(row["prekey_message_dh_proof"], m)
        if "prekey_profile_ecdh_proof" in row:
            shared = [self.device().shared_prekey]
            proofs += self.check_ecdh_proof(row["prekey_profile_ecdh_proof"], Usage.PROOF_SHARED_ECDH, shared, m)
        self.assertEqual(publication.proofs, proofs)

    def check_ecdh_proof(self, row: Any, usage: Usage, pairs: list[KeyPair], m: bytes) -> bytes:
        self.assertEqual(row["usage"], usage)
        self.assertEqual(row["public"], [pair.public.hex() for pair in pairs])
        t = o.proof_coefficients(unhex(row["c"]), len(pairs), "little")
        self.assertEqual([little(t_i) for t_i in row["t_little_endian"]], t)
        proof = o.EcdhProof.make(DEPLOYED, usage, pairs, m, lambda: little(row["r"]["scalar"]))
        self.assertEqual(row["serialized"], proof.encode(DEPLOYED).hex())
        proof.verify(DEPLOYED, usage, [pair.public for pair in pairs], m)
        with self.assertRaises(Invalid):
            proof.verify(DEPLOYED, usage, [pair.public for pair in pairs], flipped(m, 0))
        return proof.encode(DEPLOYED)

    def check_dh_proof(self, row: Any, m: bytes) -> bytes:
        pairs = [o.DhKeyPair(int(x, 16)) for x in row["private"]]
        self.assertEqual([int(B, 16) for B in row["public"]], [pair.public for pair in pairs])
        t = o.proof_coefficients(unhex(row["c"]), len(pairs), "big")
        self.assertEqual([int(t_i, 16) for t_i in row["t_big_endian"]], t)
        proof = o.DhProof.make(pairs, m, lambda: int(row["r"], 16))
        self.assertEqual(row["serialized"], proof.encode().hex())
        proof.verify([pair.public for pair in pairs], m)
        with self.assertRaises(Invalid):
            proof.verify([pair.public for pair in pairs], flipped(m, 0))
        return proof.encode()

    def test_retrievals(self) -> None:
        for row in self.go["retrievals_after_flow_2"]:
            with self.subTest(what=row["what"]):
                query = unhex(row["query"]["hex"])
                reader = Reader(query)
                reader.expect(0x10)
                sender, identity, versions = reader.tag(), reader.text(), reader.data()
                reader.finish()
                self.assertEqual(query, o.ensemble_query(sender, identity, versions))
                self.assertEqual(row["query"]["encoded"], o.armour(query))
                answer = o.unarmour(row["reply"]["encoded"])
                self.assertEqual(row["reply"]["hex"], answer.hex())
                retrieval = o.read_retrieval(answer, sender, identity, NOW)
                if row["reply_type"] == "NoEnsembles":
                    self.assertEqual((), retrieval.ensembles)
                else:
                    self.assertEqual(DEPLOYED, retrieval.draft)
                    (ensemble,) = retrieval.ensembles
                    self.assertEqual(self.device().client_profile, ensemble.client_profile)
                    self.assertEqual(self.device().prekey_profile, ensemble.prekey_profile)
                    self.assertIn(ensemble.message, [keys.message for keys in self.prekeys()])

    def test_fragments(self) -> None:
        row = self.go["fragmentation"]
        self.assertEqual(row["whole"], o.join(row["fragments"]))
        self.assertEqual(row["whole"], o.join(reversed(row["fragments"])))


class RefusedTest(unittest.TestCase):
    """refused-*.json: inputs that a server must refuse, and so must a client that reads them."""

    def test_every_row_is_refused(self) -> None:
        for draft, name in ((SPEC, "refused-spec.json"), (DEPLOYED, "refused-deployed.json")):
            file = vectors(name)
            H_s = keys(file["server_symmetric_key"]).public
            self.assertGreater(len(file["rows"]), 50)
            for row in file["rows"]:
                with self.subTest(draft=str(draft), reason=row["reason"]):
                    with self.assertRaises((Invalid, Malformed)):
                        if row["step"] == "dake1":
                            self.read_dake1(row["message"])
                        else:
                            self.read_dake3(draft, file, H_s, row)

    def read_dake1(self, text: str) -> tuple[o.ClientProfile, bytes]:
        reader = Reader(o.unarmour(text))
        reader.expect(0x35)
        tag, profile, I = reader.tag(), o.ClientProfile.read(reader), reader.take(o.POINT_BYTES)
        reader.finish()
        profile.validate(tag, NOW)
        o.valid_point(I)
        return profile, I

    def read_dake3(self, draft: Draft, file: Any, H_s: bytes, row: Any) -> None:
        try:
            profile, I = self.read_dake1(row["dake1"])
            s = keys(row["server_ephemeral_symmetric_key"])
            session = o.SessionKeys(o.KDF(Usage.SK, draft.ecdh(s, I)))
            if row["mac_key"]:
                self.assertEqual(row["mac_key"], session.K_mac.hex())
            composite = o.composite_identity(draft, file["server_jid"], H_s)
            ids = o.phi(file["publisher_jid"], file["server_jid"])
            t = o.t_dake3(profile.encoded, composite, I, s.public, ids)
            reader = Reader(o.unarmour(row["message"]))
            reader.expect(0x37)
            tag = reader.tag()
        except (Invalid, Malformed) as wrong:
            self.fail(f"refused too early: {wrong}")
        try:
            if tag != profile.owner:
                raise Invalid("another tag")
            sigma, inner = o.RingSignature.read(reader, draft), reader.data()
            reader.finish()
            sigma.verify(draft, (profile.long_term, H_s, s.public), t)
        except (Invalid, Malformed):
            self.assertEqual("none", row["answer"])
            raise
        self.assertEqual("failure", row["answer"])
        answer = o.unarmour(row["expected_reply"])
        self.assertEqual(o.header(0x05) + o.INT(tag) + session.failure_mac(tag), answer)
        if inner[2:3] == b"\x09":
            if inner != o.header(0x09) + session.storage_request_mac():
                raise Invalid("wrong MAC of a storage request")
        else:
            o.Publication.verify(inner, draft, session, profile, NOW)


if __name__ == "__main__":
    unittest.main()
