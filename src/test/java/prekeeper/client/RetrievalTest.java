package prekeeper.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import prekeeper.crypto.Bytes;
import prekeeper.protocol.ExpiredException;
import prekeeper.protocol.VerificationException;
import prekeeper.wire.Draft;
import prekeeper.wire.EnsembleRetrieval;
import prekeeper.wire.InstanceTag;
import prekeeper.wire.MalformedMessageException;
import prekeeper.wire.NoPrekeyEnsembles;
import prekeeper.wire.PrekeyEnsemble;
import prekeeper.wire.PrekeyMessage;
import prekeeper.wire.Success;

/** What a retriever believes of an answer. */
class RetrievalTest {
    private static final String ALICE = "alice@example.org";
    private static final InstanceTag BOB = new InstanceTag(0xB0B0);
    private static final Instant EXPIRES = Instant.parse("2030-01-01T00:00:00Z");
    private static final Instant BEFORE = EXPIRES.minusSeconds(1);

    private final SecureRandom random = new SecureRandom();
    private final Retrieval retrieval = Retrieval.of(BOB, ALICE);

    @ParameterizedTest
    @EnumSource
    void anAnswerIsReadInTheDraftThatItIsIn(Draft draft) throws Exception {
        PrekeyEnsemble first = ensemble(draft, 0x1000);
        PrekeyEnsemble second = ensemble(draft, 0x2000);
        assertEquals(List.of(first, second), read(answer(draft, first, second)));
    }

    @Test
    void ensemblesThatAreInvalidAreLeftOut() throws Exception {
        PrekeyEnsemble right = ensemble(Draft.SPEC, 0x1000);
        PrekeyEnsemble other = ensemble(Draft.SPEC, 0x2000);
        PrekeyEnsemble mixed = new PrekeyEnsemble(right.clientProfile(), other.prekeyProfile(), right.prekeyMessage());
        PrekeyEnsemble foreign =
                new PrekeyEnsemble(right.clientProfile(), right.prekeyProfile(), other.prekeyMessage());
        assertEquals(List.of(right), read(answer(Draft.SPEC, mixed, foreign, right)));
    }

    @Test
    void aSecondEnsembleOfADeviceIsLeftOut() throws Exception {
        PrekeyEnsemble right = ensemble(Draft.SPEC, 0x1000);
        assertEquals(List.of(right), read(answer(Draft.SPEC, right, right)));
    }

    @Test
    void anAnswerWithoutOneValidEnsembleIsRefused() {
        Bytes answer = answer(Draft.SPEC, ensemble(Draft.SPEC, 0x1000));
        assertThrows(ExpiredException.class, () -> retrieval.read(answer, EXPIRES));
    }

    @Test
    void anAnswerAboutSomebodyElseOrForAnotherDeviceIsRefused() {
        List<PrekeyEnsemble> ensembles = List.of(ensemble(Draft.SPEC, 0x1000));
        assertRefused(new EnsembleRetrieval(BOB, "mallory@example.org", ensembles).encode(Draft.SPEC));
        assertRefused(new EnsembleRetrieval(new InstanceTag(0xB0B1), ALICE, ensembles).encode(Draft.SPEC));
        assertRefused(new NoPrekeyEnsembles(BOB, "mallory@example.org", NoPrekeyEnsembles.TEXT).encode(Draft.SPEC));
    }

    @Test
    void anAnswerOfAnotherKindIsRefused() {
        assertRefused(new Success(BOB, Bytes.of(new byte[64])).encode(Draft.SPEC));
    }

    @Test
    void noEnsemblesAreNoError() throws Exception {
        assertEquals(List.of(), read(new NoPrekeyEnsembles(BOB, ALICE, NoPrekeyEnsembles.TEXT).encode(Draft.SPEC)));
    }

    @Test
    void everyTruncationIsRefused() {
        Bytes answer = answer(Draft.SPEC, ensemble(Draft.SPEC, 0x1000));
        for (int length = 0; length < answer.length(); length++) {
            Bytes cut = answer.slice(0, length);
            Exception refused = assertThrows(Exception.class, () -> retrieval.read(cut, BEFORE));
            assertTrue(refused instanceof MalformedMessageException || refused instanceof VerificationException);
        }
    }

    private void assertRefused(Bytes answer) {
        assertThrows(VerificationException.class, () -> retrieval.read(answer, BEFORE));
    }

    private List<PrekeyEnsemble> read(Bytes answer) throws Exception {
        return retrieval.read(answer, BEFORE).stream()
                .map(verified -> new PrekeyEnsemble(
                        verified.clientProfile().profile(),
                        verified.prekeyProfile().profile(),
                        verified.prekeyMessage()))
                .toList();
    }

    private static Bytes answer(Draft draft, PrekeyEnsemble... ensembles) {
        return new EnsembleRetrieval(BOB, ALICE, List.of(ensembles)).encode(draft);
    }

    private PrekeyEnsemble ensemble(Draft draft, int tag) {
        PrekeyDevice device = PrekeyDevice.generate(draft, new InstanceTag(tag), EXPIRES, random);
        PrekeyMessage message = device.newPrekeyMessages(1, random).get(0);
        return new PrekeyEnsemble(device.clientProfile(), device.prekeyProfile(), message);
    }
}
