package prekeeper.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.jivesoftware.smack.StanzaCollector;
import org.jivesoftware.smack.XMPPException.XMPPErrorException;
import org.jivesoftware.smack.filter.AndFilter;
import org.jivesoftware.smack.filter.FromMatchesFilter;
import org.jivesoftware.smack.filter.MessageTypeFilter;
import org.jivesoftware.smack.packet.Message;
import org.jivesoftware.smackx.commands.AdHocCommand;
import org.jivesoftware.smackx.commands.AdHocCommandManager;
import org.jivesoftware.smackx.commands.AdHocCommandNote;
import org.jivesoftware.smackx.commands.RemoteCommand;
import org.jivesoftware.smackx.disco.ServiceDiscoveryManager;
import org.jivesoftware.smackx.disco.packet.DiscoverInfo;
import org.jivesoftware.smackx.disco.packet.DiscoverItems;
import org.jivesoftware.smackx.xdata.FormField;
import org.jivesoftware.smackx.xdata.ListMultiFormField;
import org.jivesoftware.smackx.xdata.form.FillableForm;
import org.jivesoftware.smackx.xdata.packet.DataForm;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jxmpp.jid.Jid;
import org.jxmpp.jid.impl.JidCreate;
import prekeeper.client.Handshake;
import prekeeper.client.PrekeyDevice;
import prekeeper.client.PublisherSession.Answer;
import prekeeper.client.smack.element.LowStock;
import prekeeper.wire.Armour;
import prekeeper.wire.Draft;
import prekeeper.wire.EnsembleQuery;
import prekeeper.wire.InstanceTag;

/**
 * What administrators and owners do in their XMPP client (XEP-0050): Smack's own commands lead through ours, and know only
 * what the server tells them.
 */
abstract class CommandsSuite extends BesideSuite {
    private static final Jid SERVER = JidCreate.fromOrThrowUnchecked(XmppServer.COMPONENT);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final NewTags TAGS = new NewTags();
    private static final Set<String> FOR_EVERYBODY =
            Set.of("prekeeper:user#devices", "prekeeper:user#forget-device", "prekeeper:user#forget");
    private static final Set<String> FOR_ADMINISTRATORS = Set.of(
            "prekeeper:admin#status",
            "prekeeper:admin#devices",
            "prekeeper:admin#delete",
            "prekeeper:admin#out-of-stock",
            "prekeeper:admin#announce",
            "prekeeper:admin#limits",
            "prekeeper:admin#block",
            "prekeeper:admin#unblock",
            "prekeeper:admin#expire",
            "prekeeper:admin#backup",
            "prekeeper:admin#reload");

    private final SecureRandom random = new SecureRandom();
    private int tests;
    private Account alicesAccount;
    private Account bobsAccount;
    private XmppUser admin;
    private XmppUser alice;
    private XmppUser bob;

    /** Tags that no device of this JVM has had. */
    private static final class NewTags {
        private int last = 0x1000;

        synchronized InstanceTag next() {
            return new InstanceTag(++last);
        }
    }

    @BeforeEach
    void logIn() throws IOException {
        tests++;
        alicesAccount = xmpp.register("alice" + tests, XmppServer.HOST);
        bobsAccount = xmpp.register("bob" + tests, XmppServer.HOST);
        admin = XmppUser.login(xmpp, prekeeper.admin(), "desk");
        alice = XmppUser.login(xmpp, alicesAccount, "phone");
        bob = XmppUser.login(xmpp, bobsAccount, "tablet");
    }

    @AfterEach
    void logOut() {
        Stream.of(admin, alice, bob).forEach(XmppUser::close);
        assertTrue(prekeeper.isAlive(), prekeeper::log);
        assertFalse(prekeeper.log().contains("ERROR"), prekeeper::log);
    }

    @Test
    void everybodySeesWhatIsForThem() throws Exception {
        Set<String> all = Stream.of(FOR_ADMINISTRATORS, FOR_EVERYBODY)
                .flatMap(Set::stream)
                .collect(Collectors.toSet());
        assertEquals(all, listedFor(admin).keySet());
        assertEquals(FOR_EVERYBODY, listedFor(alice).keySet());
        assertEquals("Forget me", listedFor(alice).get("prekeeper:user#forget"));
        Account stranger = xmpp.register("carol" + tests, XmppServer.OTHER_HOST);
        try (XmppUser carol = XmppUser.login(xmpp, stranger, "x")) {
            assertEquals(FOR_EVERYBODY, listedFor(carol).keySet());
        }
    }

    @Test
    void eachCommandIsDiscoveredAsOne() throws Exception {
        ServiceDiscoveryManager discovery = ServiceDiscoveryManager.getInstanceFor(admin.connection());
        assertTrue(discovery.discoverInfo(SERVER).containsFeature(AdHocCommandManager.NAMESPACE));
        for (Map.Entry<String, String> command : listedFor(admin).entrySet()) {
            DiscoverInfo info = discovery.discoverInfo(SERVER, command.getKey());
            assertTrue(info.hasIdentity("automation", "command-node"), command.getKey());
            assertEquals(command.getValue(), info.getIdentities().get(0).getName());
            assertTrue(info.containsFeature(AdHocCommandManager.NAMESPACE), command.getKey());
        }
    }

    @Test
    void whatIsForAdministratorsIsForbiddenToOthers() throws Exception {
        ServiceDiscoveryManager discovery = ServiceDiscoveryManager.getInstanceFor(alice.connection());
        for (String node : FOR_ADMINISTRATORS) {
            assertEquals("forbidden", condition(remote(alice, node)::execute));
            assertEquals("item-not-found", condition(() -> discovery.discoverInfo(SERVER, node)));
        }
        assertEquals("item-not-found", condition(remote(alice, "prekeeper:user#nothing")::execute));
    }

    @Test
    void anAdministratorsExecutionIsNobodyElses() throws Exception {
        RemoteCommand deletion = begin(admin, "prekeeper:admin#delete");
        try (XmppUser elsewhere = XmppUser.login(xmpp, prekeeper.admin(), "sofa")) {
            String sessionId = sessionOf(deletion);
            String stolen = "<iq to='" + SERVER + "' id='steal' type='set'><command xmlns='"
                    + AdHocCommandManager.NAMESPACE + "' node='prekeeper:admin#delete' action='cancel' sessionid='"
                    + sessionId + "'/></iq>";
            assertTrue(elsewhere.exchange("steal", stolen).toXML().toString().contains("bad-sessionid"));
        }
        deletion.cancel();
        assertEquals(AdHocCommand.Status.canceled, deletion.getStatus());
    }

    @Test
    void statusTellsHowTheServerIs() throws Exception {
        PrekeyDevice device = publish(alice, 2);
        DataForm status = complete(admin, "prekeeper:admin#status").getForm();
        assertEquals(DataForm.Type.result, status.getType());
        assertTrue(value(status, "connection").startsWith("connected to 127.0.0.1"), value(status, "connection"));
        assertEquals(
                alice.discoverFingerprint(XmppServer.COMPONENT), Optional.of(value(status, "fingerprint-deployed")));
        long devices = Long.parseLong(value(status, "devices"));
        long publications = Long.parseLong(value(status, "publications"));
        assertTrue(devices >= 1 && publications >= 1, status.toXML()::toString);

        publish(bob, 1);
        DataForm later = complete(admin, "prekeeper:admin#status").getForm();
        assertEquals(devices + 1, Long.parseLong(value(later, "devices")));
        assertEquals(publications + 1, Long.parseLong(value(later, "publications")));
        assertEquals(
                1,
                client(bob)
                        .retrieve(device.tag(), alice.bareJid(), Draft.DEPLOYED)
                        .size());
    }

    @Test
    void devicesOfAUserAreShown() throws Exception {
        PrekeyDevice phone = publish(alice, 3);
        PrekeyDevice laptop = publish(alice, 5);
        assertEquals(Map.of(tag(phone), "3", tag(laptop), "5"), stockSeenByAdmin(alice));
        assertEquals(Map.of(), stockSeenByAdmin(bob));
    }

    @Test
    void whatIsNoAccountIsAskedForAgain() throws Exception {
        RemoteCommand devices = begin(admin, "prekeeper:admin#devices");
        devices.complete(filled(devices, Map.of("account", XmppServer.HOST)));
        assertEquals(AdHocCommandNote.Type.error, devices.getNotes().get(0).getType());
        assertEquals(AdHocCommand.Status.executing, devices.getStatus());
        devices.complete(filled(devices, Map.of("account", alice.bareJid())));
        assertTrue(devices.isCompleted());
    }

    @Test
    void oneDeviceIsDeletedAndTheOthersStay() throws Exception {
        PrekeyDevice phone = publish(alice, 3);
        PrekeyDevice laptop = publish(alice, 5);
        PrekeyDevice bobs = publish(bob, 1);
        RemoteCommand deletion = begin(admin, "prekeeper:admin#delete");
        deletion.next(filled(deletion, Map.of("account", alice.bareJid())));
        assertEquals(Set.of(tag(phone), tag(laptop)), options(deletion.getForm(), "devices"));
        deletion.complete(chosen(deletion, "devices", tag(phone)));
        assertEquals("Deleted what was stored of 1 device.", note(deletion));
        assertEquals(Map.of(tag(laptop), "5"), stockSeenByAdmin(alice));
        assertEquals(Map.of(tag(bobs), "1"), stockSeenByAdmin(bob));
        assertEquals(new Answer.Count(0), client(alice).status(phone));
        assertEquals(
                1,
                client(bob)
                        .retrieve(bobs.tag(), alice.bareJid(), Draft.DEPLOYED)
                        .size());
    }

    @Test
    void aDeletionGoesBackAndForthAndIsCancelled() throws Exception {
        PrekeyDevice phone = publish(alice, 3);
        PrekeyDevice bobs = publish(bob, 2);
        RemoteCommand deletion = begin(admin, "prekeeper:admin#delete");
        assertEquals("bad-action", problem(deletion::prev));
        assertEquals("bad-action", problem(() -> deletion.complete(filled(deletion, Map.of("account", "x@y.z")))));
        deletion.next(filled(deletion, Map.of("account", bob.bareJid())));
        assertEquals(Set.of(tag(bobs)), options(deletion.getForm(), "devices"));
        assertEquals("bad-action", problem(() -> deletion.next(chosen(deletion, "devices", tag(bobs)))));
        deletion.prev();
        assertTrue(deletion.getForm().hasField("account"));
        deletion.next(filled(deletion, Map.of("account", alice.bareJid())));
        assertEquals(Set.of(tag(phone)), options(deletion.getForm(), "devices"));
        deletion.cancel();
        assertEquals(AdHocCommand.Status.canceled, deletion.getStatus());
        assertEquals("bad-sessionid", problem(deletion::prev));
        assertEquals(Map.of(tag(phone), "3"), stockSeenByAdmin(alice));
        assertEquals(Map.of(tag(bobs), "2"), stockSeenByAdmin(bob));
    }

    /** A client that only knows the default action sends {@code execute} at every stage. */
    @Test
    void executeGoesOnWithTheDefaultAction() throws Exception {
        PrekeyDevice phone = publish(alice, 3);
        RemoteCommand deletion = begin(admin, "prekeeper:admin#delete");
        deletion.execute(filled(deletion, Map.of("account", alice.bareJid())));
        deletion.execute(chosen(deletion, "devices", tag(phone)));
        assertTrue(deletion.isCompleted());
        assertEquals(Map.of(), stockSeenByAdmin(alice));
    }

    @Test
    void devicesOutOfStockAreListed() throws Exception {
        PrekeyDevice phone = publish(alice, 1);
        PrekeyDevice laptop = publish(alice, 2);
        assertFalse(outOfStock().contains(tag(phone)));
        client(bob).retrieve(TAGS.next(), alice.bareJid(), Draft.DEPLOYED);
        assertTrue(outOfStock().contains(tag(phone)));
        assertFalse(outOfStock().contains(tag(laptop)));
    }

    private Set<String> outOfStock() throws Exception {
        DataForm table = complete(admin, "prekeeper:admin#out-of-stock").getForm();
        return rows(table).stream().map(row -> row.get("instance-tag")).collect(Collectors.toSet());
    }

    @Test
    void changedLimitsHoldUntilTheNextStart() throws Exception {
        assertEquals("500", discovered("max-prekey-messages"));
        RemoteCommand limits = begin(admin, "prekeeper:admin#limits");
        limits.complete(filled(limits, Map.of("prekey-messages", "many", "announce-low-stock", "true")));
        assertEquals(AdHocCommandNote.Type.error, limits.getNotes().get(0).getType());
        assertEquals("500", discovered("max-prekey-messages"));
        limits.complete(filled(
                limits, Map.of("prekey-messages", "7", "devices", "2", "low-mark", "3", "announce-low-stock", "true")));
        assertTrue(limits.isCompleted());
        assertEquals("7", discovered("max-prekey-messages"));
        assertEquals("2", discovered("max-devices"));
        assertEquals("3", discovered("low-mark"));
        PrekeyDevice phone = device();
        assertEquals(new Answer.Refused(), client(alice).publish(phone, phone.newPrekeyMessages(8, random)));
        assertEquals(new Answer.Stored(), client(alice).publish(phone, phone.newPrekeyMessages(7, random)));
        startAgain();
        assertEquals("500", discovered("max-prekey-messages"));
        assertEquals("8", discovered("max-devices"));
        assertEquals(new Answer.Stored(), client(alice).publishMore(phone, phone.newPrekeyMessages(8, random)));
    }

    @Test
    void aLimitOfRequestsHoldsAtOnce() throws Exception {
        RemoteCommand limits = begin(admin, "prekeeper:admin#limits");
        limits.complete(filled(
                limits,
                Map.of(
                        "retrievals-per-requester-and-target-burst",
                        "2",
                        "retrievals-per-requester-and-target-per-hour",
                        "1",
                        "announce-low-stock",
                        "true")));
        assertTrue(limits.isCompleted());
        publish(alice, 5);
        client(bob).retrieve(TAGS.next(), alice.bareJid(), Draft.DEPLOYED);
        client(bob).retrieve(TAGS.next(), alice.bareJid(), Draft.DEPLOYED);
        assertEquals(
                new IqAnswer.Refused("wait", "resource-constraint", Optional.of("retry")),
                bob.request(XmppServer.COMPONENT, "query", queryFor(alice)));
        startAgain();
        assertEquals(
                1,
                client(bob)
                        .retrieve(TAGS.next(), alice.bareJid(), Draft.DEPLOYED)
                        .size());
    }

    @Test
    void aBlockedAccountStaysOutUntilItIsUnblocked() throws Exception {
        PrekeyDevice phone = publish(alice, 3);
        publish(bob, 3);
        assertEquals("Blocked 1; 0 were blocked before.", block(alice.bareJid()));
        assertEquals("Blocked 0; 1 were blocked before.", block(alice.bareJid()));
        assertBlocked(alice, phone);
        assertEquals(
                1,
                client(bob)
                        .retrieve(TAGS.next(), alice.bareJid(), Draft.DEPLOYED)
                        .size());

        startAgain();
        assertBlocked(alice, phone);
        RemoteCommand unblock = begin(admin, "prekeeper:admin#unblock");
        assertTrue(options(unblock.getForm(), "addresses").contains(alice.bareJid()));
        unblock.complete(chosen(unblock, "addresses", alice.bareJid()));
        assertEquals("Unblocked 1.", note(unblock));
        assertEquals(new Answer.Count(2), client(alice).status(phone));
        assertEquals(
                1,
                client(alice)
                        .retrieve(phone.tag(), bob.bareJid(), Draft.DEPLOYED)
                        .size());
    }

    @Test
    void aBlockedDomainIsBlockedForAllOfItsAccounts() throws Exception {
        publish(alice, 3);
        Account stranger = xmpp.register("carol" + tests, XmppServer.OTHER_HOST);
        try (XmppUser carol = XmppUser.login(xmpp, stranger, "x")) {
            assertEquals("Blocked 1; 0 were blocked before.", block(XmppServer.OTHER_HOST));
            assertEquals(
                    new IqAnswer.Refused("auth", "forbidden", Optional.empty()),
                    carol.request(XmppServer.COMPONENT, "query", queryFor(alice)));
            RemoteCommand unblock = begin(admin, "prekeeper:admin#unblock");
            unblock.complete(chosen(unblock, "addresses", XmppServer.OTHER_HOST));
            assertEquals("Unblocked 1.", note(unblock));
            assertEquals(
                    1,
                    client(carol)
                            .retrieve(TAGS.next(), alice.bareJid(), Draft.DEPLOYED)
                            .size());
        }
        assertEquals("Nobody is blocked.", note(complete(admin, "prekeeper:admin#unblock")));
    }

    private String block(String address) throws Exception {
        RemoteCommand block = begin(admin, "prekeeper:admin#block");
        block.complete(filled(block, Map.of("addresses", address)));
        return note(block);
    }

    private void assertBlocked(XmppUser user, PrekeyDevice device) {
        try (Handshake handshake = Handshake.begin(device, user.bareJid(), XmppServer.COMPONENT, random)) {
            assertEquals(
                    new IqAnswer.Refused("auth", "forbidden", Optional.of("publisher-not-allowed")),
                    user.request(
                            XmppServer.COMPONENT,
                            "dake",
                            Armour.encode(handshake.dake1().encode())));
        }
        assertEquals(
                new IqAnswer.Refused("auth", "forbidden", Optional.empty()),
                user.request(XmppServer.COMPONENT, "query", queryFor(bob)));
    }

    @Test
    void whatHasExpiredIsRemoved() throws Exception {
        Instant soon = Instant.now().plusSeconds(10);
        PrekeyDevice phone = PrekeyDevice.generate(Draft.DEPLOYED, TAGS.next(), soon, random);
        publish(alice, phone, 3);
        PrekeyDevice laptop = publish(alice, 4);
        while (!Instant.now().isAfter(soon.plusSeconds(1))) {
            Thread.sleep(100);
        }
        String removed = note(complete(admin, "prekeeper:admin#expire"));
        assertTrue(
                removed.matches("Removed [01] expired devices?, and .*"),
                removed); // by itself the server may be faster
        assertEquals(
                "Removed 0 expired devices, and 0 expired prekey profiles of others.",
                note(complete(admin, "prekeeper:admin#expire")));
        assertEquals(Map.of(tag(laptop), "4"), stockSeenByAdmin(alice));
    }

    @Test
    void aBackupIsMadeForItsOwnerAndOverwritesNothing() throws Exception {
        publish(alice, 3);
        Path file = scratch.folder().resolve("backup.zip");
        RemoteCommand backup = begin(admin, "prekeeper:admin#backup");
        backup.complete(filled(backup, Map.of("path", "backup.zip")));
        assertEquals(AdHocCommandNote.Type.error, backup.getNotes().get(0).getType());
        backup.complete(filled(backup, Map.of("path", file.toString())));
        assertEquals("Backed up to " + file + ".", note(backup));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        try (ZipFile zip = new ZipFile(file.toFile())) {
            assertTrue(zip.size() > 0);
        }
        byte[] before = Files.readAllBytes(file);
        RemoteCommand again = begin(admin, "prekeeper:admin#backup");
        again.complete(filled(again, Map.of("path", file.toString())));
        assertEquals(AdHocCommand.Status.executing, again.getStatus());
        assertTrue(again.getNotes().get(0).getValue().contains("already"), note(again));
        assertArrayEquals(before, Files.readAllBytes(file));
        again.cancel();
    }

    @Test
    void aConfigurationIsReadAgain() throws Exception {
        String before = Files.readString(prekeeper.configuration());
        try {
            Files.writeString(prekeeper.configuration(), before + "prekeeper.limits.devices = 7\n");
            assertEquals("In force now: limits.", note(complete(admin, "prekeeper:admin#reload")));
        } finally {
            Files.writeString(prekeeper.configuration(), before);
        }
        assertEquals("In force now: limits.", note(complete(admin, "prekeeper:admin#reload")));
    }

    @Test
    void anAnnouncementReachesTheOwnersOnce() throws Exception {
        PrekeyDevice phone = publish(alice, 3);
        publish(bob, 11);
        try (StanzaCollector alices = headlines(alice);
                StanzaCollector bobs = headlines(bob)) {
            String told = note(complete(admin, "prekeeper:admin#announce"));
            assertTrue(told.matches("Told the owners of [1-9]\\d* devices?; those of \\d+ more were told .*"), told);
            assertEquals(new Low(tag(phone), "3"), next(alices));
            complete(admin, "prekeeper:admin#announce");
            client(bob).retrieve(TAGS.next(), alice.bareJid(), Draft.DEPLOYED);
            assertNothingMore(alice, alices);
            assertNothingMore(bob, bobs);
        }
    }

    @Test
    void theOwnerIsToldOfLowStockOnce() throws Exception {
        PrekeyDevice phone = publish(alice, 12);
        try (StanzaCollector alices = headlines(alice);
                StanzaCollector bobs = headlines(bob)) {
            client(bob).retrieve(TAGS.next(), alice.bareJid(), Draft.DEPLOYED);
            assertNothingMore(alice, alices);
            client(bob).retrieve(TAGS.next(), alice.bareJid(), Draft.DEPLOYED);
            assertEquals(new Low(tag(phone), "10"), next(alices));
            client(bob).retrieve(TAGS.next(), alice.bareJid(), Draft.DEPLOYED);
            assertNothingMore(alice, alices);
            assertNothingMore(bob, bobs);
        }
    }

    @Test
    void theConfigurationSilencesLowStock() throws Exception {
        publish(alice, 3);
        Path file = scratch.folder().resolve("prekeeper.conf");
        String configuration = Files.readString(file);
        Files.writeString(file, "prekeeper { low-stock { announce = false } }\n", StandardOpenOption.APPEND);
        try (StanzaCollector alices = headlines(alice)) {
            startAgain();
            client(bob).retrieve(TAGS.next(), alice.bareJid(), Draft.DEPLOYED);
            assertNothingMore(alice, alices);
        } finally {
            Files.writeString(file, configuration);
            startAgain();
        }
    }

    @Test
    void myDevicesAreMine() throws Exception {
        assertEquals(Map.of(), stockOf(complete(alice, "prekeeper:user#devices")));
        PrekeyDevice phone = publish(alice, 3);
        publish(bob, 4);
        assertEquals(Map.of(tag(phone), "3"), stockOf(complete(alice, "prekeeper:user#devices")));
    }

    @Test
    void aForgottenDeviceIsOneOfMine() throws Exception {
        assertEquals("Nothing is stored of you.", note(complete(alice, "prekeeper:user#forget-device")));
        PrekeyDevice phone = publish(alice, 3);
        PrekeyDevice laptop = publish(alice, 5);
        PrekeyDevice bobs = publish(bob, 4);
        RemoteCommand forget = begin(alice, "prekeeper:user#forget-device");
        assertEquals(Set.of(tag(phone), tag(laptop)), options(forget.getForm(), "devices"));
        forget.complete(chosen(forget, "devices", tag(bobs)));
        assertEquals(AdHocCommandNote.Type.error, forget.getNotes().get(0).getType());
        forget.complete(chosen(forget, "devices", tag(laptop)));
        assertEquals("Deleted what was stored of 1 device.", note(forget));
        assertEquals(Map.of(tag(phone), "3"), stockSeenByAdmin(alice));
        assertEquals(Map.of(tag(bobs), "4"), stockSeenByAdmin(bob));
    }

    @Test
    void forgettingMeForgetsMeAlone() throws Exception {
        publish(alice, 3);
        PrekeyDevice laptop = publish(alice, 5);
        PrekeyDevice bobs = publish(bob, 4);
        RemoteCommand forget = begin(alice, "prekeeper:user#forget");
        forget.complete(filled(forget, Map.of("confirm", "false")));
        assertEquals(AdHocCommandNote.Type.error, forget.getNotes().get(0).getType());
        forget.complete(filled(forget, Map.of("confirm", "true")));
        assertEquals("Deleted what was stored of 2 devices.", note(forget));
        assertEquals(Map.of(), stockSeenByAdmin(alice));
        assertEquals(Map.of(tag(bobs), "4"), stockSeenByAdmin(bob));
        assertEquals(new Answer.Count(0), client(alice).status(laptop));
    }

    private static Map<String, String> listedFor(XmppUser user) throws Exception {
        DiscoverItems items =
                AdHocCommandManager.getAddHocCommandsManager(user.connection()).discoverCommands(SERVER);
        Map<String, String> listed = new HashMap<>();
        for (DiscoverItems.Item item : items.getItems()) {
            assertEquals(SERVER, item.getEntityID());
            listed.put(item.getNode(), item.getName());
        }
        return listed;
    }

    private static RemoteCommand remote(XmppUser user, String node) {
        return AdHocCommandManager.getAddHocCommandsManager(user.connection()).getRemoteCommand(SERVER, node);
    }

    private static RemoteCommand begin(XmppUser user, String node) throws Exception {
        RemoteCommand command = remote(user, node);
        command.execute();
        assertEquals(AdHocCommand.Status.executing, command.getStatus());
        return command;
    }

    private static RemoteCommand complete(XmppUser user, String node) throws Exception {
        RemoteCommand command = remote(user, node);
        command.execute();
        assertTrue(command.isCompleted());
        return command;
    }

    private static String sessionOf(RemoteCommand command) {
        return command.getRaw().replaceAll("(?s).* sessionid=['\"]([^'\"]*)['\"].*", "$1");
    }

    private static FillableForm filled(RemoteCommand command, Map<String, String> answers) {
        FillableForm form = new FillableForm(command.getForm());
        answers.forEach(form::setAnswer);
        return form;
    }

    private static FillableForm chosen(RemoteCommand command, String field, String... options) {
        FillableForm form = new FillableForm(command.getForm());
        form.setAnswer(field, List.of(options));
        return form;
    }

    private static Set<String> options(DataForm form, String field) {
        return form.getField(field).ifPossibleAsOrThrow(ListMultiFormField.class).getOptions().stream()
                .map(FormField.Option::getValueString)
                .collect(Collectors.toSet());
    }

    private static String note(RemoteCommand command) {
        return command.getNotes().get(0).getValue();
    }

    private static String value(DataForm form, String field) {
        return form.getField(field).getFirstValue();
    }

    private static List<Map<String, String>> rows(DataForm table) {
        return table.getItems().stream()
                .map(item -> item.getFields().stream()
                        .collect(Collectors.toMap(FormField::getFieldName, FormField::getFirstValue)))
                .toList();
    }

    /** Prekey messages by instance tag. */
    private static Map<String, String> stockOf(RemoteCommand command) {
        return rows(command.getForm()).stream()
                .collect(Collectors.toMap(row -> row.get("instance-tag"), row -> row.get("prekey-messages")));
    }

    private Map<String, String> stockSeenByAdmin(XmppUser owner) throws Exception {
        RemoteCommand devices = begin(admin, "prekeeper:admin#devices");
        devices.complete(filled(devices, Map.of("account", owner.bareJid())));
        assertTrue(devices.isCompleted());
        return stockOf(devices);
    }

    private String discovered(String field) throws Exception {
        DiscoverInfo info =
                ServiceDiscoveryManager.getInstanceFor(alice.connection()).discoverInfo(SERVER);
        return value(DataForm.from(info, BindingIq.NAMESPACE), field);
    }

    private interface Doing {
        void run() throws Exception;
    }

    private static String condition(Doing doing) {
        return assertThrows(XMPPErrorException.class, doing::run)
                .getStanzaError()
                .getCondition()
                .toString();
    }

    private static String problem(Doing doing) {
        return AdHocCommand.getSpecificErrorCondition(
                        assertThrows(XMPPErrorException.class, doing::run).getStanzaError())
                .toString();
    }

    /** What a headline tells of low stock. */
    private record Low(String tag, String remaining) {}

    private static StanzaCollector headlines(XmppUser user) {
        return user.connection()
                .createStanzaCollector(new AndFilter(MessageTypeFilter.HEADLINE, FromMatchesFilter.createFull(SERVER)));
    }

    private static Low next(StanzaCollector headlines) throws Exception {
        Message headline = headlines.nextResult(PATIENCE.toMillis());
        assertTrue(headline != null, "no headline within " + PATIENCE.toSeconds() + " s");
        LowStock low = headline.getExtension(LowStock.class);
        return new Low(
                low.device().orElseThrow().toString(),
                Long.toString(low.remaining().orElseThrow()));
    }

    /** What the server sent to {@code user} before it answers a ping has come before the answer. */
    private static void assertNothingMore(XmppUser user, StanzaCollector headlines) {
        assertTrue(user.pings(XmppServer.COMPONENT));
        assertEquals(0, headlines.getCollectedCount());
    }

    private String queryFor(XmppUser target) {
        return Armour.encode(new EnsembleQuery(TAGS.next(), target.bareJid(), "4").encode());
    }

    private PrekeyDevice device() {
        return PrekeyDevice.generate(Draft.DEPLOYED, TAGS.next(), Instant.now().plus(Duration.ofDays(7)), random);
    }

    private PrekeyDevice publish(XmppUser owner, int messages) throws Exception {
        return publish(owner, device(), messages);
    }

    private PrekeyDevice publish(XmppUser owner, PrekeyDevice device, int messages) throws Exception {
        assertEquals(new Answer.Stored(), client(owner).publish(device, device.newPrekeyMessages(messages, random)));
        return device;
    }

    private static String tag(PrekeyDevice device) {
        return device.tag().toString();
    }

    private PrekeyClient client(XmppUser user) {
        return new PrekeyClient(user, XmppServer.COMPONENT, Binding.IQ, random);
    }

    private void startAgain() throws IOException {
        prekeeper.stop();
        prekeeper.start();
    }
}
