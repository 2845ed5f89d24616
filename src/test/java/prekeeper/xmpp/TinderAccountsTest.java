package prekeeper.xmpp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TinderAccountsTest {
    private final TinderAccounts accounts = new TinderAccounts();

    @ParameterizedTest
    @CsvSource({
        "alice@example.org,       alice@example.org",
        "Alice@EXAMPLE.org,       alice@example.org",
        "alice@example.org/phone, alice@example.org",
        "JÖRG@example.org,        jörg@example.org",
    })
    void identitiesAreStoredUnderTheirPreparedBareJid(String identity, String account) {
        assertEquals(Optional.of(account), accounts.prepare(identity));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "@", "@example.org", "alice@", "example.org", "a b@example.org", "a@b@c", "\u0000@x"})
    void whatNamesNoAccountIsEmpty(String identity) {
        assertEquals(Optional.empty(), accounts.prepare(identity));
    }

    @Test
    void whatIsLongerThanAnyAddressIsEmpty() {
        assertEquals(Optional.empty(), accounts.prepare("a".repeat(1024) + "@example.org"));
        assertEquals(Optional.empty(), accounts.prepare("a@example.org/" + "r".repeat(1_000_000)));
    }
}
