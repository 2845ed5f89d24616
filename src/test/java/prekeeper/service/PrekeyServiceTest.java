package prekeeper.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import prekeeper.client.EnsembleCheck;
import prekeeper.client.Handshake;
import prekeeper.client.PrekeyDevice;
import prekeeper.client.PublisherSession;
import prekeeper.client.PublisherSession.Answer;
import prekeeper.crypto.Bytes;
import prekeeper.crypto.Point;
import prekeeper.store.DeviceId;
import prekeeper.store.Ensemble;
import prekeeper.store.InMemoryPrekeyStore;
import prekeeper.store.PrekeyStore;
import prekeeper.store.Publication;
import prekeeper.store.PublicationResult;
import prekeeper.store.Quotas;
import prekeeper.store.StorageException;
import prekeeper.store.Take;
import prekeeper.wire.ClientProfile;
import prekeeper.wire.Dake1;
import prekeeper.wire.Dake2;
import prekeeper.wire.Dake3;
import prekeeper.wire.Draft;
import prekeeper.wire.EnsembleQuery;
import prekeeper.wire.EnsembleRetrieval;
import prekeeper.wire.InnerMessage;
import prekeeper.wire.InstanceTag;
import prekeeper.wire.MessageType;
import prekeeper.wire.NoPrekeyEnsembles;
import prekeeper.wire.PrekeyEnsemble;
import prekeeper.wire.PrekeyMessage;
import prekeeper.wire.PrekeyPublication;
import prekeeper.wire.ServerMessage;

/** What publishers, retrievers and attackers meet. The vectors hold single inputs; this holds what happens over time. */
class PrekeyServiceTest {
    private static final String SERVER = "prekey.example.org";
    private static final Bytes KEY = Bytes.of(new byte[57]);
    private static final Peer ALICE = new Peer("alice@example.org/phone", "alice@example.org");
    private static final Peer ALICES_LAPTOP = new Peer("alice@example.org/laptop", "alice@example.org");
    private static final Peer BOB = new Peer("bob@example.net/tablet", "bob@example.net");
    private static final InstanceTag TAG = new InstanceTag(0x1000);
    private static final InstanceTag OTHER_TAG = new InstanceTag(0xFFFFFFFE);
    private static final InstanceTag BOBS_TAG = new InstanceTag(0x2000);
    private static final Instant EXPIRES = TestServer.START.plus(Duration.ofDays(7));

    private final SecureRandom random = new SecureRandom();
    private final TestServer prekeeper = new TestServer(SERVER, KEY);

    @ParameterizedTest
    @EnumSource
    void whatIsPublishedIsCountedHandedOutOnceAndThenGone(Draft draft) throws Exception {
        PrekeyDevice device = PrekeyDevice.generate(draft, TAG, EXPIRES, random);
        assertEquals(new Answer.Count(0), status(ALICE, device));
        List<PrekeyMessage> messages = device.newPrekeyMessages(3, random);
        assertEquals(new Answer.Stored(), publish(ALICE, device, messages));
        assertEquals(new Answer.Count(3), status(ALICE, device));

        for (PrekeyMessage message : messages) {
            PrekeyEnsemble ensemble = retrieve(BOB, draft).get(0);
            EnsembleCheck.verify(ensemble, prekeeper.now());
            assertEquals(new PrekeyEnsemble(device.clientProfile(), device.prekeyProfile(), message), ensemble);
        }
        assertTrue(retrieve(BOB, draft).isEmpty());
        assertEquals(new Answer.Count(0), status(ALICE, device));
    }

    @Test
    void anUnknownAnEmptyAndAnImpossibleAccountAreAnsweredAlike() throws Exception {
        PrekeyDevice device = PrekeyDevice.generate(Draft.SPEC, TAG, EXPIRES, random);
        publish(ALICE, device, List.of());
        for (String identity : List.of(ALICE.account(), "nobody@example.org", "@", "")) {
            Bytes answer =
                    reply(prekeeper.handle(BOB, Request.ANY, new EnsembleQuery(BOBS_TAG, identity, "4").encode()));
            assertEquals(
                    new NoPrekeyEnsembles(BOBS_TAG, identity, "No Prekey Messages available for this identity"),
                    ServerMessage.decode(answer, Draft.SPEC));
        }
    }

    @Test
    void twoDevicesOfOneAccountMayInterleaveTheirHandshakes() throws Exception {
        PrekeyDevice phone = PrekeyDevice.generate(Draft.SPEC, TAG, EXPIRES, random);
        PrekeyDevice laptop = PrekeyDevice.generate(Draft.SPEC, OTHER_TAG, EXPIRES, random);
        PublisherSession phoneSession = begin(ALICE, phone);
        PublisherSession laptopSession = begin(ALICES_LAPTOP, laptop);
        PrekeyDevice thirdOnThePhone = PrekeyDevice.generate(Draft.SPEC, new InstanceTag(0x3000), EXPIRES, random);
        PublisherSession thirdSession = begin(ALICE, thirdOnThePhone);
        assertEquals(new Answer.Stored(), publish(ALICES_LAPTOP, laptop, laptopSession, 1));
        assertEquals(new Answer.Stored(), publish(ALICE, thirdOnThePhone, thirdSession, 1));
        assertEquals(new Answer.Stored(), publish(ALICE, phone, phoneSession, 1));

        List<PrekeyEnsemble> ensembles = retrieve(BOB, Draft.SPEC);
        assertEquals(
                Set.of(TAG, OTHER_TAG, new InstanceTag(0x3000)),
                ensembles.stream()
                        .map(ensemble -> ensemble.clientProfile().owner())
                        .collect(Collectors.toSet()));
    }

    @Test
    void aHandshakeBelongsToTheAddressThatBeganIt() throws Exception {
        PrekeyDevice device = PrekeyDevice.generate(Draft.SPEC, TAG, EXPIRES, random);
        PublisherSession session = begin(ALICE, device);
        Bytes dake3 = session.askStatus().encode();
        assertIgnored(Refusal.NO_HANDSHAKE, ALICES_LAPTOP, dake3);
        assertIgnored(Refusal.NO_HANDSHAKE, BOB, dake3);
        reply(prekeeper.handle(ALICE, Request.ANY, dake3));
    }

    @Test
    void aHandshakeIsUsedOnce() throws Exception {
        PrekeyDevice device = PrekeyDevice.generate(Draft.SPEC, TAG, EXPIRES, random);
        Bytes dake3 = begin(ALICE, device)
                .publish(device.newPrekeyMessages(1, random))
                .encode();
        reply(prekeeper.handle(ALICE, Request.ANY, dake3));
        assertIgnored(Refusal.NO_HANDSHAKE, ALICE, dake3);
        assertEquals(new Answer.Count(1), status(ALICE, device));
    }

    @Test
    void aWrongDake3EndsItsHandshakeToo() throws Exception {
        PrekeyDevice device = PrekeyDevice.generate(Draft.SPEC, TAG, EXPIRES, random);
        Bytes right = begin(ALICE, device).askStatus().encode();
        byte[] wrong = right.toByteArray();
        wrong[20] ^= 1;
        assertIgnored(Refusal.INVALID, ALICE, Bytes.of(wrong));
        assertIgnored(Refusal.NO_HANDSHAKE, ALICE, right);

        Bytes cut = begin(ALICE, device).askStatus().encode().slice(0, 100);
        assertIgnored(Refusal.MALFORMED, ALICE, cut);
        assertIgnored(Refusal.NO_HANDSHAKE, ALICE, cut);
    }

    @Test
    void aNewDake1AbandonsTheHandshakeBeforeIt() throws Exception {
        PrekeyDevice device = PrekeyDevice.generate(Draft.SPEC, TAG, EXPIRES, random);
        Bytes old = begin(ALICE, device).askStatus().encode();
        PublisherSession current = begin(ALICE, device);
        assertIgnored(Refusal.INVALID, ALICE, old);
        assertIgnored(Refusal.NO_HANDSHAKE, ALICE, current.askStatus().encode());
    }

    @Test
    void aHandshakeLastsFiveMinutes() throws Exception {
        PrekeyDevice device = PrekeyDevice.generate(Draft.DEPLOYED, TAG, EXPIRES, random);
        PublisherSession inTime = begin(ALICE, device);
        prekeeper.advance(Duration.ofMinutes(5).minusMillis(1));
        reply(prekeeper.handle(ALICE, Request.ANY, inTime.askStatus().encode()));

        PublisherSession late = begin(ALICE, device);
        prekeeper.advance(Duration.ofMinutes(5));
        assertIgnored(Refusal.NO_HANDSHAKE, ALICE, late.askStatus().encode());
    }

    @Test
    void whatBelongsInsideADake3IsRefusedOutsideEvenWithARightMac() throws Exception {
        PrekeyDevice device = PrekeyDevice.generate(Draft.SPEC, TAG, EXPIRES, random);
        PublisherSession session = begin(ALICE, device);
        Bytes publication = session.publish(device.newPrekeyMessages(2, random)).inner();
        Bytes question = session.askStatus().inner();
        assertIgnored(Refusal.MALFORMED, ALICE, publication);
        assertIgnored(Refusal.MALFORMED, ALICE, question);
        assertEquals(new Answer.Count(0), status(ALICE, device));
    }

    @Test
    void aDake3WithoutAHandshakeIsToldSo() throws Exception {
        PrekeyDevice device = PrekeyDevice.generate(Draft.SPEC, TAG, EXPIRES, random);
        Bytes dake3 =
                begin(new TestServer(SERVER, KEY), ALICE, device).askStatus().encode();
        assertIgnored(Refusal.NO_HANDSHAKE, ALICE, dake3);
    }

    @Test
    void aCarrierThatNamesTheRequestCarriesNoOther() throws Exception {
        PrekeyDevice device = PrekeyDevice.generate(Draft.SPEC, TAG, EXPIRES, random);
        Bytes dake1 =
                Handshake.begin(device, ALICE.account(), SERVER, random).dake1().encode();
        Bytes query = new EnsembleQuery(BOBS_TAG, ALICE.account(), "4").encode();
        for (Request request : List.of(Request.PUBLISH, Request.STATUS, Request.QUERY)) {
            assertEquals(new Outcome.Ignored(Refusal.MALFORMED), prekeeper.handle(ALICE, request, dake1));
        }
        for (Request request : List.of(Request.PUBLISH, Request.STATUS, Request.DAKE)) {
            assertEquals(new Outcome.Ignored(Refusal.MALFORMED), prekeeper.handle(ALICE, request, query));
        }
        for (Request request : List.of(Request.DAKE, Request.QUERY)) {
            Bytes dake3 = begin(ALICE, device).askStatus().encode();
            assertEquals(new Outcome.Ignored(Refusal.MALFORMED), prekeeper.handle(ALICE, request, dake3));
            reply(prekeeper.handle(ALICE, Request.STATUS, dake3));
        }
        Bytes publication = begin(ALICE, device).publish(List.of()).encode();
        assertInstanceOf(Outcome.Failed.class, prekeeper.handle(ALICE, Request.STATUS, publication));
        Bytes question = begin(ALICE, device).askStatus().encode();
        assertInstanceOf(Outcome.Failed.class, prekeeper.handle(ALICE, Request.PUBLISH, question));
    }

    @Test
    void whomThePolicyExcludesGetsNothing() throws Exception {
        TestServer closed = new TestServer(
                SERVER,
                KEY,
                new InMemoryPrekeyStore(),
                TestServer.refusing(peer ->
                        peer.equals(ALICE) ? Optional.empty() : Optional.of(new Outcome.Later(Duration.ofSeconds(3)))));
        PrekeyDevice device = PrekeyDevice.generate(Draft.SPEC, TAG, EXPIRES, random);
        Bytes bobs =
                Handshake.begin(device, BOB.account(), SERVER, random).dake1().encode();
        assertEquals(new Outcome.Later(Duration.ofSeconds(3)), closed.handle(BOB, Request.ANY, bobs));
        Bytes query = new EnsembleQuery(BOBS_TAG, ALICE.account(), "4").encode();
        assertEquals(new Outcome.Later(Duration.ofSeconds(3)), closed.handle(BOB, Request.ANY, query));
        reply(closed.handle(ALICE, Request.ANY, query));
        begin(closed, ALICE, device).close();
    }

    @Test
    void theNameOfNoAccountIsHeldToTheSamePolicy() throws Exception {
        TestServer closed = new TestServer(
                SERVER,
                KEY,
                new InMemoryPrekeyStore(),
                TestServer.refusing(peer -> Optional.of(new Outcome.Ignored(Refusal.RETRIEVER_NOT_ALLOWED))));
        Bytes query = new EnsembleQuery(BOBS_TAG, "", "4").encode();
        assertEquals(new Outcome.Ignored(Refusal.RETRIEVER_NOT_ALLOWED), closed.handle(BOB, Request.ANY, query));
    }

    @Test
    void aRetrievalTellsWhichDevicesItLeftLowOnStock() throws Exception {
        prekeeper.limit(new StockLimits(new Quotas(500, 8), 131_072, 1));
        PrekeyDevice phone = PrekeyDevice.generate(Draft.SPEC, TAG, EXPIRES, random);
        PrekeyDevice laptop = PrekeyDevice.generate(Draft.SPEC, OTHER_TAG, EXPIRES, random);
        publish(ALICE, phone, phone.newPrekeyMessages(3, random));
        publish(ALICES_LAPTOP, laptop, laptop.newPrekeyMessages(1, random));
        LowStock laptopIsEmpty = new LowStock(ALICE.account(), OTHER_TAG, 0);

        assertEquals(List.of(laptopIsEmpty), lowStockAfterQuery());
        assertEquals(List.of(new LowStock(ALICE.account(), TAG, 1)), lowStockAfterQuery());
        assertEquals(List.of(new LowStock(ALICE.account(), TAG, 0)), lowStockAfterQuery());
        assertEquals(List.of(), lowStockAfterQuery());
    }

    private List<LowStock> lowStockAfterQuery() {
        Bytes query = new EnsembleQuery(BOBS_TAG, ALICE.account(), "4").encode();
        return ((Outcome.Reply) prekeeper.handle(BOB, Request.QUERY, query)).lowStock();
    }

    @Test
    void whatExceedsAQuotaIsAnsweredWithAFailureAndNothingOfItIsStored() throws Exception {
        prekeeper.limit(new StockLimits(new Quotas(2, 1), 131_072, 0));
        PrekeyDevice phone = PrekeyDevice.generate(Draft.SPEC, TAG, EXPIRES, random);
        PrekeyDevice laptop = PrekeyDevice.generate(Draft.SPEC, OTHER_TAG, EXPIRES, random);
        assertEquals(Refusal.QUOTA, refusalOfPublication(ALICE, phone, 3));
        publish(ALICE, phone, phone.newPrekeyMessages(2, random));
        assertEquals(Refusal.QUOTA, refusalOfPublication(ALICE, phone, 1));
        assertEquals(Refusal.QUOTA, refusalOfPublication(ALICES_LAPTOP, laptop, 1));
        assertEquals(new Answer.Count(2), status(ALICE, phone));
    }

    @Test
    void aPublicationLargerThanTheLimitIsAnsweredWithAFailureAndOneAsLargeIsStored() throws Exception {
        PrekeyDevice device = PrekeyDevice.generate(Draft.SPEC, TAG, EXPIRES, random);
        for (int tooMany : List.of(1, 0)) {
            PublisherSession session = begin(ALICE, device);
            Bytes dake3 = session.publish(device.newPrekeyMessages(10, random)).encode();
            prekeeper.limit(new StockLimits(new Quotas(500, 8), dake3.length() - tooMany, 0));
            Outcome outcome = prekeeper.handle(ALICE, Request.PUBLISH, dake3);
            if (tooMany > 0) {
                Outcome.Failed failed = assertInstanceOf(Outcome.Failed.class, outcome);
                assertEquals(Refusal.QUOTA, failed.why());
                assertEquals(new Answer.Refused(), session.read(ServerMessage.decode(failed.message(), Draft.SPEC)));
                assertEquals(new Answer.Count(0), status(ALICE, device));
            } else {
                assertEquals(new Answer.Stored(), session.read(ServerMessage.decode(reply(outcome), Draft.SPEC)));
                assertEquals(new Answer.Count(10), status(ALICE, device));
            }
        }
    }

    private Refusal refusalOfPublication(Peer peer, PrekeyDevice device, int messages) throws Exception {
        try (PublisherSession session = begin(peer, device)) {
            Bytes dake3 =
                    session.publish(device.newPrekeyMessages(messages, random)).encode();
            Outcome.Failed failed = (Outcome.Failed) prekeeper.handle(peer, Request.PUBLISH, dake3);
            assertEquals(new Answer.Refused(), session.read(ServerMessage.decode(failed.message(), device.draft())));
            return failed.why();
        }
    }

    @Test
    void everyAnswerAndEveryRefusalIsCounted() throws Exception {
        Tally tally = new Tally((peer, request, message) -> prekeeper.handle(peer, request, Bytes.of(message)));
        PrekeyDevice device = PrekeyDevice.generate(Draft.SPEC, TAG, EXPIRES, random);
        Bytes dake1 =
                Handshake.begin(device, ALICE.account(), SERVER, random).dake1().encode();
        tally.handle(ALICE, Request.DAKE, dake1.toByteArray());
        tally.handle(ALICE, Request.DAKE, new byte[1]);
        new Tally((peer, request, message) -> new Outcome.Later(Duration.ofSeconds(1)))
                .handle(ALICE, Request.ANY, new byte[0]);
        assertEquals(1, tally.answered(MessageType.DAKE_2));
        assertEquals(0, tally.answered(MessageType.SUCCESS));
        assertEquals(1, tally.refused(Refusal.MALFORMED));
        assertEquals(0, tally.overLimit());
    }

    @Test
    void refusalsAreCountedByWhatWasAskedFor() throws Exception {
        Tally tally = new Tally((peer, request, message) -> new Outcome.Ignored(Refusal.INVALID));
        PrekeyDevice device = PrekeyDevice.generate(Draft.SPEC, TAG, EXPIRES, random);
        tally.handle(
                ALICE,
                Request.ANY,
                Handshake.begin(device, ALICE.account(), SERVER, random)
                        .dake1()
                        .encode()
                        .toByteArray());
        byte[] query =
                new EnsembleQuery(BOBS_TAG, ALICE.account(), "4").encode().toByteArray();
        tally.handle(BOB, Request.QUERY, query);
        try (PublisherSession session = begin(ALICE, device)) {
            byte[] dake3 = session.askStatus().encode().toByteArray();
            tally.handle(ALICE, Request.STATUS, dake3);
            tally.handle(ALICE, Request.ANY, dake3);
        }
        tally.handle(ALICE, Request.ANY, new byte[1]);
        for (Operation operation : Operation.values()) {
            assertEquals(1, tally.refused(operation, Refusal.INVALID), operation.name());
        }
        assertEquals(5, tally.refused(Refusal.INVALID));

        Tally limited = new Tally((peer, request, message) -> new Outcome.Later(Duration.ofSeconds(1)));
        limited.handle(BOB, Request.QUERY, query);
        assertEquals(1, limited.overLimit(Operation.RETRIEVAL));
        assertEquals(0, limited.overLimit(Operation.HANDSHAKE));
        assertEquals(1, limited.overLimit());
    }

    @Test
    void anAnswerIsInTheDraftOfTheRetrieversDeviceElseOfTheLatestPublished() throws Exception {
        PrekeyDevice deployed = PrekeyDevice.generate(Draft.DEPLOYED, TAG, EXPIRES, random);
        PrekeyDevice spec = PrekeyDevice.generate(Draft.SPEC, OTHER_TAG, EXPIRES, random);
        publish(ALICE, deployed, deployed.newPrekeyMessages(3, random));
        prekeeper.advance(Duration.ofSeconds(1));
        publish(ALICE, spec, spec.newPrekeyMessages(3, random));

        assertEquals(List.of(spec.clientProfile()), profiles(retrieve(BOB, Draft.SPEC)));
        publish(BOB, PrekeyDevice.generate(Draft.DEPLOYED, BOBS_TAG, EXPIRES, random), List.of());
        assertEquals(List.of(deployed.clientProfile()), profiles(retrieve(BOB, Draft.DEPLOYED)));
        prekeeper.advance(Duration.ofSeconds(1));
        publish(ALICE, deployed, List.of());
        Peer stranger = new Peer("carol@example.com/x", "carol@example.com");
        assertEquals(List.of(deployed.clientProfile()), profiles(retrieve(stranger, Draft.DEPLOYED)));
    }

    @Test
    void anAnswerHoldsNoMoreDevicesThanAStanzaMay() throws Exception {
        PrekeyDevice device = PrekeyDevice.generate(Draft.SPEC, TAG, EXPIRES, random);
        Bytes message = device.newPrekeyMessages(1, random).get(0).encoded();
        for (int tag = 0x1000; tag < 0x1000 + 130; tag++) {
            prekeeper
                    .store()
                    .publish(
                            new Publication(
                                    new DeviceId(ALICE.account(), new InstanceTag(tag)),
                                    Draft.SPEC,
                                    device.clientProfile().longTermKey(),
                                    EXPIRES,
                                    Optional.of(new Publication.ClientProfileEntry(
                                            device.clientProfile().encoded(), EXPIRES, "4")),
                                    Optional.of(new Publication.PrekeyProfileEntry(
                                            device.prekeyProfile().encoded(), EXPIRES)),
                                    List.of(new Publication.PrekeyMessageEntry(1, message))),
                            new Quotas(1, 130),
                            prekeeper.now());
        }
        assertEquals(128, retrieve(BOB, Draft.SPEC).size());
        assertEquals(2, retrieve(BOB, Draft.SPEC).size());
    }

    @Test
    void aNewLongTermKeyReplacesEverythingOfTheDevice() throws Exception {
        PrekeyDevice old = PrekeyDevice.generate(Draft.SPEC, TAG, EXPIRES, random);
        publish(ALICE, old, old.newPrekeyMessages(3, random));
        PrekeyDevice renewed = PrekeyDevice.generate(Draft.SPEC, TAG, EXPIRES, random);
        publish(ALICE, renewed, renewed.newPrekeyMessages(1, random));
        assertEquals(new Answer.Count(0), status(ALICE, old));
        assertEquals(new Answer.Count(1), status(ALICE, renewed));
        assertEquals(List.of(renewed.clientProfile()), profiles(retrieve(BOB, Draft.SPEC)));
        assertTrue(retrieve(BOB, Draft.SPEC).isEmpty());
    }

    @Test
    void aRetriedPublicationAddsNothingAndAHandedOutMessageStaysOut() throws Exception {
        PrekeyDevice device = PrekeyDevice.generate(Draft.SPEC, TAG, EXPIRES, random);
        List<PrekeyMessage> messages = device.newPrekeyMessages(2, random);
        publish(ALICE, device, messages);
        assertEquals(new Answer.Stored(), publish(ALICE, device, messages));
        assertEquals(new Answer.Count(2), status(ALICE, device));
        PrekeyMessage first = retrieve(BOB, Draft.SPEC).get(0).prekeyMessage();
        publish(ALICE, device, messages);
        PrekeyMessage second = retrieve(BOB, Draft.SPEC).get(0).prekeyMessage();
        assertNotEquals(first, second);
        assertTrue(retrieve(BOB, Draft.SPEC).isEmpty());
    }

    @Test
    void whatExpiresIsNeitherCountedNorHandedOut() throws Exception {
        PrekeyDevice device = PrekeyDevice.generate(Draft.SPEC, TAG, EXPIRES, random);
        publish(ALICE, device, device.newPrekeyMessages(2, random));
        prekeeper.advance(Duration.between(prekeeper.now(), EXPIRES).minusSeconds(1));
        PublisherSession lastMoment = begin(ALICE, device);
        assertEquals(1, retrieve(BOB, Draft.SPEC).size());
        prekeeper.advance(Duration.ofSeconds(1));
        assertTrue(retrieve(BOB, Draft.SPEC).isEmpty());
        assertEquals(
                new Answer.Count(0),
                lastMoment.read(ServerMessage.decode(
                        reply(prekeeper.handle(
                                ALICE, Request.ANY, lastMoment.askStatus().encode())),
                        Draft.SPEC)));
        Bytes dake1 =
                Handshake.begin(device, ALICE.account(), SERVER, random).dake1().encode();
        assertIgnored(Refusal.EXPIRED, ALICE, dake1);
    }

    @Test
    void whatExpiresWhileTheStoreTakesItIsNotHandedOut() throws Exception {
        SlowStore slow = new SlowStore();
        TestServer server = new TestServer(SERVER, KEY, slow, TestServer.everybody());
        Instant soon = server.now().plusSeconds(60);
        PrekeyDevice phone = PrekeyDevice.generate(Draft.SPEC, TAG, soon, random);
        PrekeyDevice laptop = PrekeyDevice.generate(Draft.SPEC, OTHER_TAG, EXPIRES, random);
        publish(server, ALICE, phone, phone.newPrekeyMessages(3, random));
        publish(server, ALICE, laptop, laptop.newPrekeyMessages(2, random));

        Bytes query = new EnsembleQuery(BOBS_TAG, ALICE.account(), "4").encode();
        Outcome.Reply inTime = assertInstanceOf(Outcome.Reply.class, server.handle(BOB, Request.QUERY, query));
        assertEquals(soon, inTime.expires());
        assertEquals(List.of(laptop.clientProfile(), phone.clientProfile()), profiles(inTime));
        slow.whileTaking = () -> server.advance(Duration.ofSeconds(60));
        Outcome.Reply late = assertInstanceOf(Outcome.Reply.class, server.handle(BOB, Request.QUERY, query));
        assertEquals(EXPIRES, late.expires());
        assertEquals(List.of(laptop.clientProfile()), profiles(late));
    }

    @Test
    void theDeviceThatExpiresLastComesFirst() throws Exception {
        List<Duration> lives = List.of(Duration.ofMinutes(1), Duration.ofDays(7), Duration.ofDays(1));
        List<Instant> ends = lives.stream().map(prekeeper.now()::plus).toList();
        for (int i = 0; i < ends.size(); i++) {
            PrekeyDevice device =
                    PrekeyDevice.generate(Draft.DEPLOYED, new InstanceTag(TAG.value() + i), ends.get(i), random);
            publish(ALICE, device, device.newPrekeyMessages(1, random));
        }
        assertEquals(
                List.of(ends.get(1), ends.get(2), ends.get(0)),
                retrieve(BOB, Draft.DEPLOYED).stream()
                        .map(ensemble -> ensemble.clientProfile().expires())
                        .toList());
    }

    @Test
    void aStoreWithoutAnswerFailsAPublicationAndIgnoresAQuery() throws Exception {
        TestServer broken = new TestServer(SERVER, KEY, new BrokenStore(), TestServer.everybody());
        PrekeyDevice device = PrekeyDevice.generate(Draft.SPEC, TAG, EXPIRES, random);
        PublisherSession session = begin(broken, ALICE, device);
        Outcome outcome = broken.handle(
                ALICE,
                Request.PUBLISH,
                session.publish(device.newPrekeyMessages(1, random)).encode());
        Outcome.Failed failed = assertInstanceOf(Outcome.Failed.class, outcome);
        assertEquals(Refusal.STORE_UNAVAILABLE, failed.why());
        assertEquals(new Answer.Refused(), session.read(ServerMessage.decode(failed.message(), Draft.SPEC)));
        assertEquals(
                new Outcome.Ignored(Refusal.STORE_UNAVAILABLE),
                broken.handle(BOB, Request.QUERY, new EnsembleQuery(BOBS_TAG, ALICE.account(), "4").encode()));
    }

    @Test
    void aProofValueOf40000BytesIsRefusedWithoutBeingComputedWith() throws Exception {
        PrekeyDevice device = PrekeyDevice.generate(Draft.DEPLOYED, TAG, EXPIRES, random);
        PublisherSession session = begin(ALICE, device);
        Dake3 right = session.publish(device.newPrekeyMessages(1, random));
        PrekeyPublication publication =
                assertInstanceOf(PrekeyPublication.class, InnerMessage.decode(right.inner(), Draft.DEPLOYED));
        Bytes ofV = Bytes.of(publication.messageDhProof().orElseThrow().v().toByteArray());
        String hex = right.inner().toHex();
        int at = hex.indexOf(ofV.toHex()) / 2 - 4;
        byte[] huge = new byte[40_000];
        random.nextBytes(huge);
        huge[0] = 1;
        Bytes changed = right.inner()
                .slice(0, at)
                .concat(Bytes.fromHex("00009c40"))
                .concat(Bytes.of(huge))
                .concat(right.inner().slice(at + 4 + ofV.length(), right.inner().length()));
        Outcome outcome = prekeeper.handle(ALICE, Request.ANY, new Dake3(TAG, right.sigma(), changed).encode());
        assertEquals(
                Refusal.MALFORMED,
                assertInstanceOf(Outcome.Failed.class, outcome).why());
        assertEquals(new Answer.Count(0), status(ALICE, device));
    }

    @Test
    void everyTruncationOfAPublicationIsFailedAndStoresNothing() throws Exception {
        PrekeyDevice device = PrekeyDevice.generate(Draft.SPEC, TAG, EXPIRES, random);
        List<PrekeyMessage> messages = device.newPrekeyMessages(1, random);
        int length = begin(ALICE, device).publish(messages).inner().length();
        for (int cut = 0; cut < length; cut += 1 + random.nextInt(100)) {
            Dake3 whole = begin(ALICE, device).publish(messages);
            Dake3 shorter = new Dake3(TAG, whole.sigma(), whole.inner().slice(0, cut));
            assertInstanceOf(Outcome.Failed.class, prekeeper.handle(ALICE, Request.ANY, shorter.encode()));
        }
        assertEquals(new Answer.Count(0), status(ALICE, device));
        assertTrue(retrieve(BOB, Draft.SPEC).isEmpty());
    }

    @Test
    void randomBytesAndChangedMessagesNeverThrow() throws Exception {
        Random seeded = new Random(11);
        PrekeyDevice device = PrekeyDevice.generate(Draft.DEPLOYED, TAG, EXPIRES, random);
        for (int i = 0; i < 3000; i++) {
            byte[] bytes = new byte[seeded.nextInt(200)];
            seeded.nextBytes(bytes);
            byte[] start = {0, 4, (byte) new int[] {0x35, 0x37, 0x10, 0x08, 0x09}[i % 5], 0, 0, 0x10, 0};
            System.arraycopy(start, 0, bytes, 0, Math.min(start.length, bytes.length));
            Outcome outcome = prekeeper.handle(ALICE, Request.ANY, Bytes.of(bytes));
            assertFalse(outcome instanceof Outcome.Failed);
        }
        for (int i = 0; i < 100; i++) {
            byte[] dake3 = begin(ALICE, device).publish(List.of()).encode().toByteArray();
            dake3[7 + seeded.nextInt(dake3.length - 7)] ^= (byte) (1 << seeded.nextInt(8));
            Outcome outcome = prekeeper.handle(ALICE, Request.ANY, Bytes.of(dake3));
            assertFalse(outcome instanceof Outcome.Reply, "a changed bit is noticed");
        }
        assertTrue(
                prekeeper.store().latestDraft(ALICE.account(), prekeeper.now()).isEmpty());
    }

    // A publisher and a retriever.

    private PublisherSession begin(Peer peer, PrekeyDevice device) throws Exception {
        return begin(prekeeper, peer, device);
    }

    private PublisherSession begin(TestServer server, Peer peer, PrekeyDevice device) throws Exception {
        try (Handshake handshake = Handshake.begin(device, peer.account(), SERVER, random)) {
            Dake1 dake1 = handshake.dake1();
            Bytes answer = reply(server.handle(peer, Request.DAKE, dake1.encode()));
            return handshake.accept(assertInstanceOf(Dake2.class, ServerMessage.decode(answer, device.draft())));
        }
    }

    private Answer publish(Peer peer, PrekeyDevice device, List<PrekeyMessage> messages) throws Exception {
        return publish(prekeeper, peer, device, messages);
    }

    private Answer publish(TestServer server, Peer peer, PrekeyDevice device, List<PrekeyMessage> messages)
            throws Exception {
        PublisherSession session = begin(server, peer, device);
        Bytes answer = reply(
                server.handle(peer, Request.PUBLISH, session.publish(messages).encode()));
        return session.read(ServerMessage.decode(answer, device.draft()));
    }

    private Answer publish(Peer peer, PrekeyDevice device, PublisherSession session, int count) throws Exception {
        Dake3 dake3 = session.publish(device.newPrekeyMessages(count, random));
        return session.read(
                ServerMessage.decode(reply(prekeeper.handle(peer, Request.ANY, dake3.encode())), device.draft()));
    }

    private Answer status(Peer peer, PrekeyDevice device) throws Exception {
        PublisherSession session = begin(peer, device);
        Bytes answer =
                reply(prekeeper.handle(peer, Request.STATUS, session.askStatus().encode()));
        return session.read(ServerMessage.decode(answer, device.draft()));
    }

    private List<PrekeyEnsemble> retrieve(Peer retriever, Draft draft) throws Exception {
        Bytes query = new EnsembleQuery(BOBS_TAG, ALICE.account(), "4").encode();
        ServerMessage answer = ServerMessage.decode(reply(prekeeper.handle(retriever, Request.QUERY, query)), draft);
        return answer instanceof EnsembleRetrieval retrieval ? retrieval.ensembles() : List.of();
    }

    private static List<ClientProfile> profiles(List<PrekeyEnsemble> ensembles) {
        return ensembles.stream().map(PrekeyEnsemble::clientProfile).toList();
    }

    private static List<ClientProfile> profiles(Outcome.Reply reply) throws Exception {
        return profiles(assertInstanceOf(EnsembleRetrieval.class, ServerMessage.decode(reply.message(), Draft.SPEC))
                .ensembles());
    }

    private static Bytes reply(Outcome outcome) {
        return assertInstanceOf(Outcome.Reply.class, outcome).message();
    }

    private void assertIgnored(Refusal why, Peer peer, Bytes message) {
        assertEquals(new Outcome.Ignored(why), prekeeper.handle(peer, Request.ANY, message));
    }

    /** A database that waits after it has read, such as for a lock or for the disk. */
    private static final class SlowStore implements PrekeyStore {
        private final PrekeyStore store = new InMemoryPrekeyStore();
        private Runnable whileTaking = () -> {};

        @Override
        public PublicationResult publish(Publication publication, Quotas quotas, Instant now) {
            return store.publish(publication, quotas, now);
        }

        @Override
        public int count(DeviceId device, Point longTermKey, Instant now) {
            return store.count(device, longTermKey, now);
        }

        @Override
        public List<Ensemble> takeEnsembles(Take take, Instant now) {
            List<Ensemble> taken = store.takeEnsembles(take, now);
            whileTaking.run();
            return taken;
        }

        @Override
        public Optional<Draft> draftOf(DeviceId device, Instant now) {
            return store.draftOf(device, now);
        }

        @Override
        public Optional<Draft> latestDraft(String owner, Instant now) {
            return store.latestDraft(owner, now);
        }

        @Override
        public void close() {}
    }

    /** A database that gives no answer. */
    private static final class BrokenStore implements PrekeyStore {
        private static StorageException noAnswer() {
            return new StorageException("the test's database gives no answer", null);
        }

        @Override
        public PublicationResult publish(Publication publication, Quotas quotas, Instant now) {
            throw noAnswer();
        }

        @Override
        public int count(DeviceId device, Point longTermKey, Instant now) {
            throw noAnswer();
        }

        @Override
        public List<Ensemble> takeEnsembles(Take take, Instant now) {
            throw noAnswer();
        }

        @Override
        public Optional<Draft> draftOf(DeviceId device, Instant now) {
            throw noAnswer();
        }

        @Override
        public Optional<Draft> latestDraft(String owner, Instant now) {
            throw noAnswer();
        }

        @Override
        public void close() {}
    }
}
