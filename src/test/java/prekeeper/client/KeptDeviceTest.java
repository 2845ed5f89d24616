package prekeeper.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import prekeeper.crypto.Bytes;
import prekeeper.crypto.SecretBytes;
import prekeeper.wire.ClientProfile;
import prekeeper.wire.Draft;
import prekeeper.wire.InstanceTag;
import prekeeper.wire.PrekeyMessage;

/** A device that is kept and comes back, and what it sends again. */
class KeptDeviceTest {
    private final SecureRandom random = new SecureRandom();

    @ParameterizedTest
    @EnumSource
    void restoredDeviceHasTheSameProfilesMessagesAndSecrets(Draft draft) throws Exception {
        PrekeyDevice device = device(draft);
        List<PrekeyMessage> messages = device.newPrekeyMessages(3, random);
        device.acknowledged(messages.subList(0, 1));
        PrekeyDevice restored = PrekeyDevice.restore(device.secrets(), random);
        assertEquals(device.clientProfile(), restored.clientProfile());
        assertEquals(device.prekeyProfile(), restored.prekeyProfile());
        assertEquals(draft, restored.draft());
        assertEquals(messages.subList(1, 3), restored.unpublished(2, random));
        for (PrekeyMessage message : messages) {
            assertEquals(
                    message, restored.take(message.identifier()).orElseThrow().message(restored.tag()));
        }
    }

    @Test
    void renewedProfilesHaveTheSameKeysAndAreToBePublishedOnceMore() throws Exception {
        PrekeyDevice device = device(Draft.SPEC);
        ClientProfile first = device.clientProfile();
        device.acknowledged(first, device.prekeyProfile());
        assertTrue(PrekeyDevice.restore(device.secrets(), random).profilesPublished());
        Instant later = Instant.parse("2031-01-01T00:00:00Z");
        device.renewProfiles(later);
        assertEquals(later, device.clientProfile().expires());
        assertEquals(later, device.prekeyProfile().expires());
        assertEquals(first.longTermKey(), device.clientProfile().longTermKey());
        device.acknowledged(first, device.prekeyProfile());
        PrekeyDevice restored = PrekeyDevice.restore(device.secrets(), random);
        assertFalse(restored.profilesPublished(), "a late answer is about the old ones");
        assertEquals(device.clientProfile(), restored.clientProfile());
    }

    @Test
    void whatKeepsIsTheSameEveryTime() throws Exception {
        PrekeyDevice device = device(Draft.SPEC);
        device.newPrekeyMessages(2, random);
        PrekeyDevice restored = PrekeyDevice.restore(device.secrets(), random);
        assertEquals(
                Bytes.of(device.secrets().toByteArray()),
                Bytes.of(restored.secrets().toByteArray()));
    }

    @Test
    void everyTruncationAndAnythingMoreIsRefused() {
        PrekeyDevice device = device(Draft.DEPLOYED);
        device.newPrekeyMessages(1, random);
        byte[] whole = device.secrets().toByteArray();
        for (int length = 0; length < whole.length; length++) {
            assertRefused(Arrays.copyOf(whole, length));
        }
        assertRefused(Arrays.copyOf(whole, whole.length + 1));
    }

    @Test
    void keysOfAnotherDeviceAreRefused() {
        byte[] ours = device(Draft.SPEC).secrets().toByteArray();
        byte[] theirs = device(Draft.SPEC).secrets().toByteArray();
        for (int pair = 0; pair < 3; pair++) {
            byte[] mixed = ours.clone();
            System.arraycopy(theirs, 1 + 57 * pair, mixed, 1 + 57 * pair, 57);
            assertRefused(mixed);
        }
    }

    @Test
    void whatNobodyAcknowledgedIsSentAgainBeforeAnythingNewIsMade() {
        PrekeyDevice device = device(Draft.SPEC);
        List<PrekeyMessage> first = device.unpublished(2, random);
        assertEquals(first, device.unpublished(2, random));
        List<PrekeyMessage> more = device.unpublished(3, random);
        assertEquals(first, more.subList(0, 2));
        device.acknowledged(more);
        assertTrue(device.unpublished(1, random).stream().noneMatch(more::contains));
    }

    @Test
    void secretsOfAMessageAreTakenOnceAndNeverSentAgain() {
        PrekeyDevice device = device(Draft.SPEC);
        PrekeyMessage message = device.unpublished(1, random).get(0);
        assertTrue(device.take(message.identifier()).isPresent());
        assertEquals(Optional.empty(), device.take(message.identifier()));
        assertFalse(device.unpublished(1, random).contains(message));
    }

    @Test
    void whatIsKeptIsWipedAfterwardsWhetherOrNotThatWorked() throws Exception {
        PrekeyDevice device = device(Draft.SPEC);
        List<SecretBytes> handed = new ArrayList<>();
        device.keepIn((tag, secrets) -> {
            assertEquals(device.tag(), tag);
            assertFalse(secrets.matches(new byte[secrets.length()]));
            handed.add(secrets);
        });
        assertThrows(
                IOException.class,
                () -> device.keepIn((tag, secrets) -> {
                    handed.add(secrets);
                    throw new IOException("the disk is full");
                }));
        assertEquals(2, handed.size());
        for (SecretBytes secrets : handed) {
            assertTrue(secrets.matches(new byte[secrets.length()]));
        }
    }

    private void assertRefused(byte[] kept) {
        assertThrows(IOException.class, () -> PrekeyDevice.restore(SecretBytes.copyOf(kept), random));
    }

    private PrekeyDevice device(Draft draft) {
        return PrekeyDevice.generate(draft, new InstanceTag(0x1234), Instant.parse("2030-01-01T00:00:00Z"), random);
    }
}
