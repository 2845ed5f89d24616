package prekeeper.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static prekeeper.store.PublicationResult.STORED;
import static prekeeper.store.PublicationResult.TOO_MANY_DEVICES;
import static prekeeper.store.PublicationResult.TOO_MANY_PREKEY_MESSAGES;
import static prekeeper.store.Publishing.LATER;
import static prekeeper.store.Publishing.NOW;
import static prekeeper.store.Publishing.bytes;
import static prekeeper.store.Publishing.device;
import static prekeeper.store.Publishing.key;
import static prekeeper.store.Publishing.message;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import prekeeper.crypto.Bytes;
import prekeeper.crypto.Point;
import prekeeper.wire.Draft;

/** What every {@link PrekeyStore} promises to one caller at a time; {@link PrekeyStoreRaces} has the rest. */
abstract class PrekeyStoreContract {
    static final String ALICE = "alice@example.org";
    static final DeviceId PHONE = device(ALICE, 0x1000);
    static final DeviceId LAPTOP = device(ALICE, 0x2000);
    static final Point KEY = key(1);
    static final Point OTHER_KEY = key(2);

    PrekeyStore store;

    /** An empty store. */
    abstract PrekeyStore openStore();

    @BeforeEach
    void open() {
        store = openStore();
    }

    @AfterEach
    void close() {
        store.close();
    }

    List<Ensemble> take(String owner) {
        return take(owner, NOW);
    }

    List<Ensemble> take(String owner, Instant now) {
        return store.takeEnsembles(new Take(owner, Draft.SPEC, "4", 255, 1), now);
    }

    private List<Ensemble> take(Draft draft, String versions, int most) {
        return store.takeEnsembles(new Take(ALICE, draft, versions, most, 0), NOW);
    }

    Bytes takeMessage() {
        List<Ensemble> taken = take(ALICE);
        assertEquals(1, taken.size());
        return taken.get(0).prekeyMessage();
    }

    int count(DeviceId device, Point key) {
        return store.count(device, key, NOW);
    }

    Publishing phone() {
        return Publishing.of(PHONE, KEY);
    }

    Publishing laptop() {
        return Publishing.of(LAPTOP, KEY);
    }

    @Test
    void anEnsembleIsWhatWasPublishedByteForByte() {
        phone().profiles().messages(7).in(store);
        Ensemble expected = new Ensemble(PHONE, bytes("client profile"), bytes("prekey profile"), message(7), 0);
        assertEquals(List.of(expected), take(ALICE));
    }

    @Test
    void aMessageIsHandedOutOnce() {
        phone().profiles().messages(7).in(store);
        assertEquals(message(7), takeMessage());
        assertEquals(List.of(), take(ALICE));
        assertEquals(0, count(PHONE, KEY));
    }

    @Test
    void messagesComeOldestFirst() {
        phone().profiles().messages(30, 10, -1).in(store);
        phone().messages(20, 0).in(store);
        for (int identifier : new int[] {30, 10, -1, 20, 0}) {
            assertEquals(message(identifier), takeMessage());
        }
    }

    @Test
    void anUnknownAccountHasNothing() {
        assertEquals(List.of(), take("nobody@example.org"));
        assertEquals(0, store.count(device("nobody@example.org", 0x100), KEY, NOW));
        assertEquals(Optional.empty(), store.draftOf(device("nobody@example.org", 0x100), NOW));
        assertEquals(Optional.empty(), store.latestDraft("nobody@example.org", NOW));
    }

    @Test
    void aPublicationSentAgainAddsNothing() {
        phone().profiles().messages(1, 2, 3).in(store);
        phone().profiles().messages(1, 2, 3).in(store);
        assertEquals(3, count(PHONE, KEY));
    }

    @Test
    void ofARepeatedPublicationWhatIsNewIsStored() {
        phone().profiles().messages(1, 2).in(store);
        phone().message(2, bytes("another")).messages(3).in(store);
        assertEquals(List.of(message(1), message(2), message(3)), List.of(takeMessage(), takeMessage(), takeMessage()));
        assertEquals(List.of(), take(ALICE));
    }

    @Test
    void anIdentifierHandedOutStaysOut() {
        phone().profiles().messages(1, 2).in(store);
        takeMessage();
        phone().profiles().messages(1, 2).in(store);
        assertEquals(1, count(PHONE, KEY));
        assertEquals(message(2), takeMessage());
        assertEquals(List.of(), take(ALICE));
    }

    @Test
    void devicesHaveIdentifiersOfTheirOwn() {
        phone().profiles().messages(1).in(store);
        laptop().profiles().messages(1).in(store);
        assertEquals(1, count(PHONE, KEY));
        assertEquals(1, count(LAPTOP, KEY));
    }

    @Test
    void aNewClientProfileReplacesTheOld() {
        phone().profiles().messages(1).in(store);
        phone().clientProfile("new", LATER, "4").in(store);
        assertEquals(bytes("new"), take(ALICE).get(0).clientProfile());
    }

    @Test
    void aNewPrekeyProfileReplacesTheOld() {
        phone().profiles().messages(1).in(store);
        phone().prekeyProfile("new", LATER).in(store);
        assertEquals(bytes("new"), take(ALICE).get(0).prekeyProfile());
    }

    @Test
    void aClientProfileOfANewLongTermKeyDropsWhatTheOldOneLeft() {
        phone().profiles().messages(1, 2).in(store);
        Publishing.of(PHONE, OTHER_KEY).clientProfile("new", LATER, "4").in(store);
        assertEquals(0, count(PHONE, KEY));
        assertEquals(List.of(), take(ALICE));

        Publishing.of(PHONE, OTHER_KEY)
                .prekeyProfile("its own", LATER)
                .messages(1)
                .in(store);
        assertEquals(List.of(new Ensemble(PHONE, bytes("new"), bytes("its own"), message(1), 0)), take(ALICE));
    }

    @Test
    void aNewLongTermKeyLeavesOtherDevicesAlone() {
        laptop().profiles().messages(1).in(store);
        Publishing.of(PHONE, OTHER_KEY).profiles().messages(1).in(store);
        assertEquals(1, count(LAPTOP, KEY));
    }

    @Test
    void whatComesWithoutAClientProfileWaitsForIt() {
        phone().prekeyProfile("prekey profile", LATER).messages(1).in(store);
        assertEquals(1, count(PHONE, KEY));
        assertEquals(List.of(), take(ALICE));
        assertEquals(Optional.empty(), store.draftOf(PHONE, NOW));
        assertEquals(Optional.empty(), store.latestDraft(ALICE, NOW));

        phone().clientProfile("client profile", LATER, "4").in(store);
        assertEquals(message(1), takeMessage());
    }

    @Test
    void whatWaitsUnderAnotherKeyDoesNotDisturb() {
        phone().profiles().messages(1).in(store);
        Publishing.of(PHONE, OTHER_KEY)
                .prekeyProfile("waits", LATER)
                .messages(2, 3)
                .in(store);
        assertEquals(1, count(PHONE, KEY));
        assertEquals(2, count(PHONE, OTHER_KEY));
        assertEquals(message(1), takeMessage());
        assertEquals(List.of(), take(ALICE));
    }

    @Test
    void whatWaitsExpiresWithTheProfileThatWasShown() {
        phone().messages(1).shownProfileExpires(NOW.plusSeconds(10)).in(store);
        assertEquals(1, store.count(PHONE, KEY, NOW.plusSeconds(9)));
        assertEquals(0, store.count(PHONE, KEY, NOW.plusSeconds(10)));
    }

    @Test
    void theProfileShownLastSaysHowLongThingsWait() {
        phone().messages(1).shownProfileExpires(NOW.plusSeconds(10)).in(store);
        phone().messages(2).shownProfileExpires(NOW.plusSeconds(20)).in(store);
        assertEquals(2, store.count(PHONE, KEY, NOW.plusSeconds(19)));
    }

    @Test
    void aPublishedClientProfileOutranksTheOneShown() {
        phone().profiles().messages(1).in(store);
        phone().messages(2).shownProfileExpires(NOW.plusSeconds(10)).in(store);
        assertEquals(2, store.count(PHONE, KEY, LATER.minusSeconds(1)));
    }

    @Test
    void whatHasExpiredIsNeitherCountedNorHandedOutNorToldOf() {
        phone().profiles().messages(1).in(store);
        assertEquals(1, store.count(PHONE, KEY, LATER.minusSeconds(1)));
        for (Instant after : List.of(LATER, LATER.plusNanos(1), Instant.MAX)) {
            assertEquals(0, store.count(PHONE, KEY, after));
            assertEquals(List.of(), take(ALICE, after));
            assertEquals(Optional.empty(), store.draftOf(PHONE, after));
            assertEquals(Optional.empty(), store.latestDraft(ALICE, after));
        }
        assertEquals(1, take(ALICE, LATER.minusNanos(1)).size());
    }

    @Test
    void anExpiredPrekeyProfileKeepsItsDeviceOut() {
        phone().clientProfile("client profile", LATER, "4")
                .prekeyProfile("prekey profile", NOW.plusSeconds(10))
                .messages(1)
                .in(store);
        assertEquals(List.of(), take(ALICE, NOW.plusSeconds(10)));
        assertEquals(1, store.count(PHONE, KEY, NOW.plusSeconds(10)));
        assertEquals(1, take(ALICE, NOW.plusSeconds(9)).size());
    }

    @Test
    void afterExpiryADeviceStartsEmpty() {
        phone().profiles().messages(1, 2).in(store);
        takeMessage();
        Instant year = LATER.plusSeconds(100);
        phone().clientProfile("new", year, "4").messages(1).in(store, LATER);
        assertEquals(1, store.count(PHONE, KEY, LATER));
        assertEquals(List.of(), take(ALICE, LATER), "the old prekey profile is gone");

        phone().prekeyProfile("new", year).in(store, LATER);
        assertEquals(message(1), take(ALICE, LATER).get(0).prekeyMessage());
        assertEquals(List.of(), take(ALICE, LATER));
    }

    @Test
    void anExpiryAtTheEndOfTimeIsKept() {
        phone().clientProfile("client profile", Instant.MAX, "4")
                .prekeyProfile("prekey profile", Instant.MAX)
                .messages(1)
                .shownProfileExpires(Instant.MAX)
                .in(store);
        assertEquals(1, take(ALICE, Instant.MAX.minusSeconds(1)).size());
    }

    @Test
    void anExpiryBeforeTimeBeganHasPassed() {
        phone().clientProfile("client profile", Instant.MIN, "4").messages(1).in(store);
        assertEquals(0, count(PHONE, KEY));
    }

    @Test
    void clocksAtTheEndsOfTimeArePublishedBy() {
        phone().clientProfile("client profile", Instant.MAX, "4").in(store, Instant.MIN);
        laptop().draft(Draft.DEPLOYED)
                .clientProfile("client profile", Instant.MAX, "4")
                .in(store, Instant.MAX.minusSeconds(1));
        assertEquals(Optional.of(Draft.DEPLOYED), store.latestDraft(ALICE, NOW));
    }

    @ParameterizedTest
    @ValueSource(strings = {"4", "34", "43", "94", "x4", "4 ", "\u0664\u0000" + "4"})
    void versionsThatMeetInOneDigitMatch(String asked) {
        phone().profiles().messages(1).in(store);
        assertEquals(1, take(Draft.SPEC, asked, 255).size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "3", "x", ",", "5\u0664"})
    void versionsThatMeetInNoDigitDoNotMatch(String asked) {
        phone().clientProfile("client profile", LATER, "4,x\u0664")
                .prekeyProfile("prekey profile", LATER)
                .messages(1)
                .in(store);
        assertEquals(List.of(), take(Draft.SPEC, asked, 255));
        assertEquals(1, count(PHONE, KEY));
    }

    @Test
    void onlyDevicesOfTheDraftAreTaken() {
        phone().profiles().messages(1).in(store);
        laptop().draft(Draft.DEPLOYED).profiles().messages(2).in(store);
        assertEquals(message(1), takeMessage());
        assertEquals(message(2), take(Draft.DEPLOYED, "4", 255).get(0).prekeyMessage());
        assertEquals(Optional.of(Draft.SPEC), store.draftOf(PHONE, NOW));
        assertEquals(Optional.of(Draft.DEPLOYED), store.draftOf(LAPTOP, NOW));
    }

    @Test
    void profilesOfTwoDraftsMakeNoEnsemble() {
        phone().draft(Draft.DEPLOYED).profiles().messages(1).in(store);
        phone().clientProfile("upgraded", LATER, "4").in(store);
        assertEquals(List.of(), take(ALICE));
        assertEquals(List.of(), take(Draft.DEPLOYED, "4", 255));

        phone().prekeyProfile("upgraded", LATER).in(store);
        assertEquals(message(1), takeMessage());
    }

    @Test
    void theLatestDraftIsOfTheClientProfilePublishedLast() {
        phone().profiles().in(store, NOW);
        laptop().draft(Draft.DEPLOYED).profiles().in(store, NOW);
        assertEquals(Optional.of(Draft.DEPLOYED), store.latestDraft(ALICE, NOW), "of one moment the newer device");

        phone().clientProfile("again", LATER, "4").in(store, NOW.plusMillis(1));
        assertEquals(Optional.of(Draft.SPEC), store.latestDraft(ALICE, NOW));

        laptop().draft(Draft.DEPLOYED).messages(1).in(store, NOW.plusMillis(2));
        assertEquals(Optional.of(Draft.SPEC), store.latestDraft(ALICE, NOW), "messages alone do not count");
    }

    @Test
    void everyDeviceGivesOneEnsemble() {
        phone().profiles().messages(1, 2).in(store);
        laptop().profiles().messages(3).in(store);
        Publishing.of(device("alice@example.com", 0x1000), KEY)
                .profiles()
                .messages(4)
                .in(store);
        assertEquals(
                List.of(message(1), message(3)),
                take(ALICE).stream().map(Ensemble::prekeyMessage).toList());
        assertEquals(message(2), takeMessage());
    }

    @Test
    void ofTooManyDevicesTheFirstPublishedAreTaken() {
        for (int tag = 0x110; tag >= 0x101; tag--) {
            Publishing.of(device(ALICE, tag), KEY).profiles().messages(tag).in(store);
        }
        List<Ensemble> taken = take(Draft.SPEC, "4", 2);
        assertEquals(
                List.of(message(0x110), message(0x10F)),
                taken.stream().map(Ensemble::prekeyMessage).toList());
        assertEquals(List.of(), take(Draft.SPEC, "4", 0));
        assertEquals(1, count(device(ALICE, 0x10E), KEY), "what is left out stays");
    }

    @Test
    void devicesWithoutMessagesDoNotCountAgainstTheMost() {
        phone().profiles().in(store);
        laptop().profiles().messages(1).in(store);
        assertEquals(1, take(Draft.SPEC, "4", 1).size());
    }

    @Test
    void ofAPublicationThatFailsNothingIsStored() {
        phone().profiles().messages(1).in(store);
        Publishing tooLong = Publishing.of(PHONE, OTHER_KEY)
                .draft(Draft.DEPLOYED)
                .profiles()
                .messages(2, 3)
                .message(4, Bytes.of(new byte[PrekeyStore.LONGEST_ENCODING_BYTES + 1]));
        StorageException refused = assertThrows(StorageException.class, () -> tooLong.in(store));
        assertEquals(1, refused.getMessage().lines().count());
        assertTrue(refused.getMessage().length() < 300, "nor is it in the log");
        assertFalse(refused.getMessage().contains(ALICE), refused.getMessage());

        assertEquals(0, count(PHONE, OTHER_KEY));
        assertEquals(Optional.of(Draft.SPEC), store.draftOf(PHONE, NOW));
        assertEquals(message(1), takeMessage());
        phone().messages(2, 3, 4).in(store);
        assertEquals(3, count(PHONE, KEY), "nor is an identifier remembered");
    }

    @Test
    void anEnsembleSaysHowManyMessagesAreLeftCountedNoFurtherThanAsked() {
        phone().profiles().messages(1, 2, 3, 4).in(store);
        laptop().profiles().messages(5).in(store);
        assertEquals(List.of(2, 0), remaining(2), "three and none are left");
        assertEquals(List.of(2), remaining(100));
        assertEquals(List.of(0), remaining(-1));
        assertEquals(List.of(0), remaining(100));
    }

    private List<Integer> remaining(int countUpTo) {
        return store.takeEnsembles(new Take(ALICE, Draft.SPEC, "4", 255, countUpTo), NOW).stream()
                .map(Ensemble::remaining)
                .toList();
    }

    @Test
    void moreMessagesThanTheQuotaAreRefusedWithAllThatCameAlong() {
        Quotas three = new Quotas(3, 8);
        assertEquals(STORED, phone().profiles().messages(1, 2).in(store, three));
        Publishing tooMany = phone().clientProfile("new", LATER, "4").messages(3, 4);
        assertEquals(TOO_MANY_PREKEY_MESSAGES, tooMany.in(store, three));
        assertEquals(2, count(PHONE, KEY));
        assertEquals(STORED, phone().messages(4).in(store, three), "no identifier was remembered");

        Ensemble taken = take(ALICE).get(0);
        assertEquals(bytes("client profile"), taken.clientProfile());
        assertEquals(message(1), taken.prekeyMessage());
        assertEquals(STORED, phone().messages(3).in(store, three), "taking makes room");
        assertEquals(List.of(message(2), message(4), message(3)), List.of(takeMessage(), takeMessage(), takeMessage()));
    }

    @Test
    void messagesThatAreKnownAreNotTooMany() {
        Quotas three = new Quotas(3, 8);
        assertEquals(STORED, phone().profiles().messages(1, 2, 3).in(store, three));
        assertEquals(STORED, phone().messages(1, 2, 3).in(store, three));
        assertEquals(TOO_MANY_PREKEY_MESSAGES, phone().messages(1, 2, 3, 4).in(store, three));
        assertEquals(3, count(PHONE, KEY));
    }

    @Test
    void everyDeviceHasAQuotaOfMessagesOfItsOwn() {
        Quotas two = new Quotas(2, 8);
        assertEquals(STORED, phone().messages(1, 2).in(store, two));
        assertEquals(STORED, laptop().messages(1, 2).in(store, two));
        assertEquals(STORED, Publishing.of(PHONE, OTHER_KEY).messages(3, 4).in(store, two), "and every key");
    }

    @Test
    void aNewLongTermKeyDoesNotInheritTheMessagesOfTheOld() {
        Quotas two = new Quotas(2, 1);
        assertEquals(STORED, phone().profiles().messages(1, 2).in(store, two));
        assertEquals(
                TOO_MANY_PREKEY_MESSAGES,
                Publishing.of(PHONE, OTHER_KEY).profiles().messages(3, 4, 5).in(store, two));
        assertEquals(2, count(PHONE, KEY), "and what it would have replaced stays");
        assertEquals(
                STORED,
                Publishing.of(PHONE, OTHER_KEY).profiles().messages(3, 4).in(store, two));
    }

    @Test
    void moreDevicesThanTheQuotaAreRefusedWithAllThatCameAlong() {
        Quotas one = new Quotas(500, 1);
        assertEquals(STORED, phone().profiles().messages(1).in(store, one));
        assertEquals(TOO_MANY_DEVICES, laptop().profiles().messages(2).in(store, one));
        assertEquals(TOO_MANY_DEVICES, laptop().messages(2).in(store, one));
        assertEquals(0, count(LAPTOP, KEY));
        assertEquals(Optional.empty(), store.draftOf(LAPTOP, NOW));
        assertEquals(
                STORED,
                Publishing.of(device("bob@example.org", 0x1000), KEY).profiles().in(store, one));
        assertEquals(STORED, phone().profiles().messages(2).in(store, one), "what is known goes on");
        assertEquals(STORED, Publishing.of(PHONE, OTHER_KEY).profiles().in(store, one), "under a new key too");
    }

    @Test
    void expiredDevicesMakeRoom() {
        Quotas one = new Quotas(500, 1);
        phone().messages(1).shownProfileExpires(NOW).in(store, NOW.minusSeconds(1));
        assertEquals(STORED, laptop().profiles().messages(2).in(store, one));
        assertEquals(0, store.count(PHONE, KEY, NOW.minusSeconds(1)), "and are removed");
        assertEquals(TOO_MANY_DEVICES, phone().profiles().in(store, one));
    }

    @Test
    void keysThatWaitDoNotPileUp() {
        Quotas two = new Quotas(500, 2);
        phone().profiles().messages(1).in(store);
        for (int number = 11; number <= 13; number++) {
            assertEquals(STORED, Publishing.of(PHONE, key(number)).messages(1).in(store, two));
        }
        Publishing oneMore = Publishing.of(PHONE, key(14));
        assertEquals(TOO_MANY_DEVICES, oneMore.messages(1).in(store, two));
        assertEquals(TOO_MANY_DEVICES, laptop().profiles().in(store, two));
        assertEquals(0, count(PHONE, key(14)));
        assertEquals(STORED, Publishing.of(PHONE, key(13)).messages(2).in(store, two));

        assertEquals(STORED, oneMore.profiles().messages(1).in(store, two), "it takes the place of the others");
        assertEquals(0, count(PHONE, key(13)));
        assertEquals(STORED, laptop().profiles().in(store, two));
    }

    @Test
    void underSmallerQuotasWhatIsStoredStaysAndMayBeRenewed() {
        Quotas small = new Quotas(1, 1);
        phone().profiles().messages(1, 2, 3).in(store);
        laptop().profiles().messages(4, 5).in(store);
        Publishing.of(LAPTOP, OTHER_KEY).messages(6).in(store);
        assertEquals(STORED, phone().profiles().messages(1, 2).in(store, small));
        assertEquals(TOO_MANY_PREKEY_MESSAGES, phone().profiles().messages(4).in(store, small));
        assertEquals(TOO_MANY_DEVICES, Publishing.of(LAPTOP, key(3)).messages(7).in(store, small));
        assertEquals(3, count(PHONE, KEY));
        assertEquals(2, count(LAPTOP, KEY));
        assertEquals(
                STORED, Publishing.of(LAPTOP, key(3)).profiles().messages(7).in(store, small));
        assertEquals(0, count(LAPTOP, KEY));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void quotasOfNothingAreRefused(int none) {
        assertThrows(IllegalArgumentException.class, () -> new Quotas(none, 1));
        assertThrows(IllegalArgumentException.class, () -> new Quotas(1, none));
    }

    @Test
    void theLongestEncodingsAreKept() {
        Bytes longest = Bytes.of(new byte[PrekeyStore.LONGEST_ENCODING_BYTES]);
        phone().profiles().message(1, longest).in(store);
        assertEquals(longest, takeMessage());
    }

    @Test
    void tagsAndIdentifiersAreUnsigned() {
        DeviceId last = device(ALICE, 0xFFFF_FFFF);
        Publishing.of(last, KEY)
                .profiles()
                .messages(0xFFFF_FFFF, 0x8000_0000, 0x7FFF_FFFF, 0)
                .in(store);
        assertEquals(4, count(last, KEY));
        Publishing.of(last, KEY).messages(0x8000_0000, 0xFFFF_FFFF).in(store);
        assertEquals(4, count(last, KEY));
        Ensemble taken = take(ALICE).get(0);
        assertEquals(last, taken.device());
        assertEquals(message(0xFFFF_FFFF), taken.prekeyMessage());
    }

    @Test
    void identifiersAtTheirEndsDoNotReachANeighbour() {
        phone().profiles().messages(0xFFFF_FFFF).in(store);
        laptop().profiles().messages(0, 0xFFFF_FFFF).in(store);
        Publishing.of(PHONE, OTHER_KEY).profiles().in(store);
        laptop().messages(0, 0xFFFF_FFFF).in(store);
        assertEquals(2, count(LAPTOP, KEY), "the phone took nothing of the laptop along");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "o'neil\"@example.org",
                "100%_\\@example.org",
                "\u0131\u0130iI@\u00fcber.example",
                "\ud83d\udd11@example.org",
                "ALICE@example.org",
                "alice@example.org ",
                ":owner?@example.org",
                ""
            })
    void ownersAreTakenAsTheyAre(String owner) {
        phone().profiles().messages(1).in(store);
        Publishing.of(device(owner, 0x1000), KEY).profiles().messages(2).in(store);
        assertEquals(message(2), take(owner).get(0).prekeyMessage());
        assertEquals(1, count(PHONE, KEY));
    }

    @Test
    void ownersOfThreeThousandCharactersAreToldApart() {
        String owner = "x".repeat(2999);
        Publishing.of(device(owner + "a", 0x1000), KEY).profiles().messages(1).in(store);
        Publishing.of(device(owner + "b", 0x1000), KEY).profiles().messages(2).in(store);
        assertEquals(message(2), take(owner + "b").get(0).prekeyMessage());
        assertEquals(message(1), take(owner + "a").get(0).prekeyMessage());
    }

    @Test
    void aTurkishServerKeepsItsPromisesToo() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("tr-TR"));
        try (PrekeyStore turkish = openAnother()) {
            phone().draft(Draft.SPEC).profiles().messages(1).in(turkish);
            assertEquals(
                    1,
                    turkish.takeEnsembles(new Take(ALICE, Draft.SPEC, "4", 255, 0), NOW)
                            .size());
            assertEquals(Optional.of(Draft.SPEC), turkish.latestDraft(ALICE, NOW));
        } finally {
            Locale.setDefault(before);
        }
    }

    /** Another empty store beside {@link #store}. */
    abstract PrekeyStore openAnother();
}
