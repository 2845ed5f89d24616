package prekeeper.xmpp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static prekeeper.xmpp.Stanzas.assertError;
import static prekeeper.xmpp.Stanzas.assertResult;
import static prekeeper.xmpp.Stanzas.condition;
import static prekeeper.xmpp.Stanzas.iq;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.dom4j.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xmpp.forms.DataForm;
import org.xmpp.forms.FormField;
import org.xmpp.packet.IQ;
import prekeeper.service.Peer;
import prekeeper.store.StorageException;

/** XEP-0050, by the letter of its examples. */
class AdHocCommandsTest {
    private static final String ADMIN = "admin@example.org/home";
    private static final String BAD = condition("bad-request") + "<%s xmlns='http://jabber.org/protocol/commands'/>";

    private final SetClock clock = new SetClock();
    private final List<String> done = new ArrayList<>();
    private boolean storeIsAway;
    private final AdHocCommands commands = new AdHocCommands(
            Set.of("admin@example.org"),
            List.of(
                    new FixedCommand("admin#fixed", Command.Audience.ADMINISTRATORS),
                    new FixedCommand("user#fixed", Command.Audience.EVERYBODY),
                    new Staged()),
            clock);

    /** Asks for a name, then for a colour, then is done. */
    private final class Staged extends Command {
        Staged() {
            super("user#staged", "Staged", Audience.EVERYBODY);
        }

        @Override
        public Stage begin(Peer caller) {
            return new Stage.Ask(asking("name"), false, submission -> {
                String name = submission.required("name", "The name");
                return new Stage.Ask(asking("colour"), true, colour -> {
                    if (storeIsAway) {
                        throw new StorageException("no disk", null);
                    }
                    done.add(name + " " + colour.text("colour").orElse("none"));
                    DataForm result = new DataForm(DataForm.Type.result);
                    result.setTitle("done");
                    return Stage.Done.showing(result);
                });
            });
        }

        private DataForm asking(String variable) {
            DataForm form = new DataForm(DataForm.Type.form);
            form.addField(variable, variable, FormField.Type.text_single);
            return form;
        }
    }

    private IQ send(String from, String attributes, String children) {
        return commands.answer(iq(
                from,
                "set",
                "<command xmlns='http://jabber.org/protocol/commands' " + attributes + ">" + children + "</command>"));
    }

    private IQ stage(String attributes, String children) {
        return send("alice@example.org/phone", "node='user#staged' " + attributes, children);
    }

    private static String submitting(String variable, String value) {
        return "<x xmlns='jabber:x:data' type='submit'><field var='" + variable + "'><value>" + value
                + "</value></field></x>";
    }

    private static String session(IQ answer) {
        return "sessionid='" + answer.getChildElement().attributeValue("sessionid") + "'";
    }

    private static String executing(IQ answer, String actions, String variable, String note) {
        return "<command xmlns='http://jabber.org/protocol/commands' node='user#staged' " + session(answer)
                + " status='executing'>" + actions + note
                + "<x xmlns='jabber:x:data' type='form'><field var='" + variable + "' label='" + variable
                + "' type='text-single'/></x></command>";
    }

    private static final String FIRST = "<actions execute='next'><next/></actions>";
    private static final String LAST = "<actions execute='complete'><prev/><complete/></actions>";

    @Test
    void aCommandOfOneStepIsCompletedAtOnce() {
        IQ answer = send("alice@example.org/phone", "node='user#fixed' action='execute'", "");
        assertResult(
                "<command xmlns='http://jabber.org/protocol/commands' node='user#fixed' " + session(answer)
                        + " status='completed'><note type='info'>Done for alice@example.org.</note></command>",
                answer);
    }

    @Test
    void aCommandOfSeveralStagesGoesForwardAndBackAndIsCompleted() {
        IQ first = stage("action='execute'", "");
        assertResult(executing(first, FIRST, "name", ""), first);
        IQ second = stage("action='next' " + session(first), submitting("name", "ann"));
        assertResult(executing(first, LAST, "colour", ""), second);
        assertResult(executing(first, FIRST, "name", ""), stage("action='prev' " + session(first), ""));
        stage("action='next' " + session(first), submitting("name", "bob"));
        assertResult(
                "<command xmlns='http://jabber.org/protocol/commands' node='user#staged' " + session(first)
                        + " status='completed'><x xmlns='jabber:x:data' type='result'><title>done</title></x></command>",
                stage("action='complete' " + session(first), submitting("colour", "red")));
        assertEquals(List.of("bob red"), done);
        assertError("modify", BAD.formatted("bad-sessionid"), stage("action='complete' " + session(first), ""));
    }

    @Test
    void executeAndNoActionGoOnWithWhateverComesNext() {
        IQ first = stage("", "");
        stage(session(first), submitting("name", "ann"));
        stage("action='execute' " + session(first), submitting("colour", "red"));
        assertEquals(List.of("ann red"), done);
    }

    @Test
    void aCommandIsCanceledAndThenGone() {
        IQ first = stage("", "");
        assertResult(
                "<command xmlns='http://jabber.org/protocol/commands' node='user#staged' " + session(first)
                        + " status='canceled'/>",
                stage("action='cancel' " + session(first), ""));
        assertError("modify", BAD.formatted("bad-sessionid"), stage("action='cancel' " + session(first), ""));
    }

    @Test
    void whatIsFilledInWronglyIsShownAgainWithTheReason() {
        IQ first = stage("", "");
        IQ again = stage("action='next' " + session(first), submitting("name", " "));
        assertResult(executing(first, FIRST, "name", "<note type='error'>The name is missing.</note>"), again);
        stage("action='next' " + session(first), submitting("name", "ann"));
        stage("action='complete' " + session(first), submitting("colour", "red"));
        assertEquals(List.of("ann red"), done);
    }

    @Test
    void actionsThatDoNotFitTheStageAreBadAndChangeNothing() {
        IQ first = stage("", "");
        for (String action : List.of("prev", "complete")) {
            assertError(
                    "modify",
                    BAD.formatted("bad-action"),
                    stage("action='" + action + "' " + session(first), submitting("name", "ann")));
        }
        assertError("modify", BAD.formatted("bad-payload"), stage("action='next' " + session(first), ""));
        stage("action='next' " + session(first), submitting("name", "ann"));
        assertError(
                "modify",
                BAD.formatted("bad-action"),
                stage("action='next' " + session(first), submitting("colour", "red")));
        stage("action='complete' " + session(first), submitting("colour", "red"));
        assertEquals(List.of("ann red"), done);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cancel", "next", "prev", "complete"})
    void onlyAnExecutionBeginsOne(String action) {
        assertError("modify", BAD.formatted("bad-action"), stage("action='" + action + "'", ""));
    }

    @Test
    void anUnknownActionIsMalformed() {
        assertError("modify", BAD.formatted("malformed-action"), stage("action='frobnicate'", ""));
    }

    @Test
    void anExecutionBelongsToTheAddressThatBeganIt() {
        IQ first = stage("", "");
        String next = "node='user#staged' action='next' " + session(first);
        for (String other : List.of("alice@example.org/laptop", "bob@example.org/phone")) {
            Element error =
                    send(other, next, submitting("name", "eve")).getElement().element("error");
            assertNotEquals(null, error.element("bad-sessionid"));
        }
        stage("action='next' " + session(first), submitting("name", "ann"));
        stage("action='complete' " + session(first), submitting("colour", "red"));
        assertEquals(List.of("ann red"), done);
    }

    @Test
    void anExecutionThatNobodyGoesOnWithEnds() {
        IQ first = stage("", "");
        clock.advance(Duration.ofMinutes(10));
        assertError(
                "modify",
                BAD.formatted("bad-sessionid"),
                stage("action='next' " + session(first), submitting("name", "ann")));
    }

    @Test
    void administratorsCommandsAreForbiddenToOthersAndUnknownOnesAreNotFound() {
        assertError("auth", condition("forbidden"), send("alice@example.org/phone", "node='admin#fixed'", ""));
        assertError("cancel", condition("item-not-found"), send("alice@example.org/phone", "node='admin#x'", ""));
        assertError("cancel", condition("item-not-found"), send("alice@example.org/phone", "", ""));
        assertEquals(IQ.Type.result, send(ADMIN, "node='admin#fixed'", "").getType());
    }

    @Test
    void aServerIsNobodyAndHasNoCommands() {
        IQ answer = send("example.org", "node='user#fixed'", "");
        assertEquals(IQ.Type.error, answer.getType());
        assertEquals(List.of(), commands.visibleTo(new Peer("example.org", "example.org")));
    }

    @Test
    void aStoreThatIsAwayIsWorthAnotherTry() {
        IQ first = stage("", "");
        stage("action='next' " + session(first), submitting("name", "ann"));
        storeIsAway = true;
        try (CollectedLog log = new CollectedLog()) {
            assertError(
                    "wait",
                    condition("internal-server-error"),
                    stage("action='complete' " + session(first), submitting("colour", "red")));
            assertEquals(List.of(), log.lines()); // the store tells administrators, once and not for each request
        }
        storeIsAway = false;
        stage("action='complete' " + session(first), submitting("colour", "red"));
        assertEquals(List.of("ann red"), done);
    }
}
