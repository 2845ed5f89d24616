package prekeeper;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.INTERFACES;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.accessTargetWhere;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import prekeeper.crypto.Bytes;
import prekeeper.crypto.Point;

/**
 * The arrows of docs/architecture.md: who may know whom, and which library lives in which room.
 *
 * <p>A rule about a room that has no class fails, so none holds because a package was moved or renamed.
 */
@AnalyzeClasses(packages = "prekeeper", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String CRYPTO = "prekeeper.crypto..";
    private static final String WIRE = "prekeeper.wire..";
    private static final String PROTOCOL = "prekeeper.protocol..";
    private static final String STORE = "prekeeper.store..";
    private static final String SERVICE = "prekeeper.service..";
    private static final String XMPP = "prekeeper.xmpp..";
    private static final String CLIENT = "prekeeper.client..";
    private static final String SMACK = "prekeeper.client.smack..";
    private static final String TRIAL = "prekeeper.trial..";
    private static final String SERVER = "prekeeper.server..";
    private static final String METRICS = "prekeeper.metrics..";
    private static final String APP = "prekeeper.app..";
    private static final String OPENFIRE = "prekeeper.openfire..";

    @ArchTest
    static final ArchRule arrowsPointDownOnly = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("crypto")
            .definedBy(CRYPTO)
            .layer("wire")
            .definedBy(WIRE)
            .layer("protocol")
            .definedBy(PROTOCOL)
            .layer("store")
            .definedBy(STORE)
            .layer("service")
            .definedBy(SERVICE)
            .layer("xmpp")
            .definedBy(XMPP)
            .layer("client")
            .definedBy(CLIENT)
            .layer("trial")
            .definedBy(TRIAL)
            .layer("server")
            .definedBy(SERVER)
            .layer("metrics")
            .definedBy(METRICS)
            .layer("app")
            .definedBy(APP)
            .layer("openfire")
            .definedBy(OPENFIRE)
            .whereLayer("crypto")
            .mayNotAccessAnyLayer()
            .whereLayer("wire")
            .mayOnlyAccessLayers("crypto")
            .whereLayer("protocol")
            .mayOnlyAccessLayers("crypto", "wire")
            .whereLayer("store")
            .mayOnlyAccessLayers("crypto", "wire")
            .whereLayer("service")
            .mayOnlyAccessLayers("crypto", "wire", "protocol", "store")
            .whereLayer("xmpp")
            .mayOnlyAccessLayers("crypto", "wire", "store", "service")
            .whereLayer("client")
            .mayOnlyAccessLayers("crypto", "wire", "protocol")
            .whereLayer("trial")
            .mayOnlyAccessLayers("crypto", "wire", "client")
            .whereLayer("server")
            .mayOnlyAccessLayers("crypto", "wire", "store", "service", "xmpp")
            .whereLayer("metrics")
            .mayOnlyAccessLayers("crypto", "wire", "store", "service", "xmpp")
            .whereLayer("app")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("openfire")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("openfire")
            .mayOnlyAccessLayers("crypto", "wire", "store", "service", "xmpp", "server")
            .because("a stanza walks the corridor once, forward, and a reader follows it without a detour");

    @ArchTest
    static final ArchRule roomsDoNotGoInCircles = slices().matching("prekeeper.(*)..")
            .should()
            .beFreeOfCycles()
            .because("two rooms that need each other are one room");

    @ArchTest
    static final ArchRule thePromisesOfTheStoreAreAllThatOthersKnow = noClasses()
            .that()
            .resideInAnyPackage(SERVICE, XMPP, METRICS)
            .should()
            .dependOnClassesThat(resideInAPackage(STORE)
                    .and(not(INTERFACES))
                    .and(not(describe("records", JavaClass::isRecord)))
                    .and(not(describe("enums", JavaClass::isEnum)))
                    .and(not(assignableTo(RuntimeException.class))))
            .because(
                    "protocol and commands run on any store: its interfaces, the values they take and give, and their failure");

    @ArchTest
    static final ArchRule xmppDoesNoCryptography = noClasses()
            .that()
            .resideInAPackage(XMPP)
            .should()
            .dependOnClassesThat(resideInAPackage(CRYPTO).and(not(belongToAnyOf(Bytes.class, Point.class))))
            .because("the face passes bytes on; it may show the server's public key, and decides nothing by it");

    @ArchTest
    static final ArchRule xmppTypesStayInTheFace = noClasses()
            .that()
            .resideOutsideOfPackages(XMPP, OPENFIRE)
            .should()
            .dependOnClassesThat(resideInAnyPackage("org.xmpp..", "org.dom4j.."))
            .because("the protocol is bytes and parties, however they arrive");

    @ArchTest
    static final ArchRule rateLimitsStayInTheFace = noClasses()
            .that()
            .resideOutsideOfPackage(XMPP)
            .should()
            .dependOnClassesThat(resideInAPackage("io.github.bucket4j.."))
            .because("who asks how often is known where stanzas arrive");

    @ArchTest
    static final ArchRule theFaceDoesNotKnowItsCommands = noClasses()
            .that()
            .resideInAPackage("prekeeper.xmpp")
            .should()
            .dependOnClassesThat(resideInAPackage("prekeeper.xmpp.command.."))
            .because("a command is added beside the others, and nowhere else");

    @ArchTest
    static final ArchRule smackStaysWithClients = noClasses()
            .that()
            .resideOutsideOfPackages(SMACK, TRIAL)
            .should()
            .dependOnClassesThat(
                    resideInAnyPackage("org.jivesoftware.smack..", "org.jivesoftware.smackx..", "org.jxmpp.."))
            .because("it is a client's library: the server does without it, and devices and handshakes need none");

    @ArchTest
    static final ArchRule theServerNeedsNoClient = noClasses()
            .that()
            .resideOutsideOfPackages(CLIENT, TRIAL, APP)
            .should()
            .dependOnClassesThat(resideInAnyPackage(CLIENT, TRIAL))
            .because("the plugin leaves them out");

    @ArchTest
    static final ArchRule thePluginNeedsNoMeters = noClasses()
            .that()
            .resideOutsideOfPackages(METRICS, APP)
            .should()
            .dependOnClassesThat(resideInAPackage(METRICS))
            .because("the plugin leaves them out: Openfire has meters of its own");

    @ArchTest
    static final ArchRule metersStayInTheirRoom = noClasses()
            .that()
            .resideOutsideOfPackage(METRICS)
            .should()
            .dependOnClassesThat(resideInAnyPackage("io.micrometer..", "io.prometheus..", "com.sun.net.httpserver.."))
            .because("the other rooms tell what they know, whoever asks");

    @ArchTest
    static final ArchRule whatMeasuresALoadStaysInTheTrial = noClasses()
            .that()
            .resideOutsideOfPackage(TRIAL)
            .should()
            .dependOnClassesThat(resideInAPackage("org.HdrHistogram.."))
            .because("no other room measures");

    @ArchTest
    static final ArchRule progressBarsStayInApp = noClasses()
            .that()
            .resideOutsideOfPackage(APP)
            .should()
            .dependOnClassesThat(resideInAPackage("me.tongfei.progressbar.."))
            .because("whether there is a terminal, and what it shows, is the business of the command line");

    /** What the pom of prekeeper-client.jar lists, and what Smack itself is made of. */
    @ArchTest
    static final ArchRule theClientsJarNeedsBouncyCastleAndSmackAlone = noClasses()
            .that()
            .resideInAnyPackage(CRYPTO, WIRE, PROTOCOL, CLIENT)
            .should()
            .dependOnClassesThat(not(resideInAnyPackage(
                    CRYPTO,
                    WIRE,
                    PROTOCOL,
                    CLIENT,
                    "java..",
                    "org.bouncycastle..",
                    "org.jivesoftware.smack..",
                    "org.jivesoftware.smackx..",
                    "org.jxmpp..")))
            .because("a client is not to drag in the libraries of the server");

    @ArchTest
    static final ArchRule databasesStayInTheStore = noClasses()
            .that()
            .resideOutsideOfPackage(STORE)
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                    "java.sql..", "javax.sql..", "org.jdbi..", "com.zaxxer..", "org.flywaydb..", "org.h2.."))
            .because("what is durable, and when, is the promise of one room");

    @ArchTest
    static final ArchRule bouncyCastleStaysInCrypto = noClasses()
            .that()
            .resideOutsideOfPackage(CRYPTO)
            .should()
            .dependOnClassesThat(resideInAPackage("org.bouncycastle.."))
            .because("who reviews the cryptography reads one package");

    @ArchTest
    static final ArchRule commandLineStaysInApp = noClasses()
            .that()
            .resideOutsideOfPackage(APP)
            .should()
            .dependOnClassesThat(resideInAPackage("picocli.."))
            .because("inside an XMPP server there is none");

    @ArchTest
    static final ArchRule configurationStaysInServer = noClasses()
            .that()
            .resideOutsideOfPackage(SERVER)
            .should()
            .dependOnClassesThat(resideInAPackage("com.typesafe.config.."))
            .because("rooms are given values; where those come from is the business of whoever starts them");

    @ArchTest
    static final ArchRule jsonStaysInApp = noClasses()
            .that()
            .resideOutsideOfPackage(APP)
            .should()
            .dependOnClassesThat(resideInAPackage("com.google.gson.."))
            .because("it is the format of a file that administrators move, and of nothing that is spoken");

    @ArchTest
    static final ArchRule openfireStaysInItsPlugin = noClasses()
            .that()
            .resideOutsideOfPackage(OPENFIRE)
            .should()
            .dependOnClassesThat(resideInAnyPackage("org.jivesoftware..", "javax.servlet..")
                    .and(not(resideInAnyPackage("org.jivesoftware.smack..", "org.jivesoftware.smackx.."))))
            .because("outside of Openfire these classes are missing");

    /** The plugin is compiled against 4.2.0, the only one that Maven Central has, and runs in 5.0 and later. */
    @ArchTest
    static final ArchRule whatThePluginUsesOfOpenfireIsTheSameInAllReleases = noClasses()
            .that()
            .resideInAPackage(OPENFIRE)
            .should(accessTargetWhere(describe(
                    "it is none of those that were compared", ArchitectureTest::mayDifferBetweenReleasesOfOpenfire)))
            .because("a method that is gone or gives something else back is an error when it is called");

    @ArchTest
    static final ArchRule timeIsHandedIn = noClasses()
            .that()
            .resideOutsideOfPackages(
                    SERVER, APP, OPENFIRE, SMACK) // its manager is made by Smack's rules, from a connection alone
            .should(accessTargetWhere(describe("it reads or makes a clock", ArchitectureTest::readsTheTime)))
            .because("expiry and time limits are tested by handing in another time");

    @ArchTest
    static final ArchRule randomnessIsHandedIn = noClasses()
            .that()
            .resideOutsideOfPackages(SERVER, APP, SMACK)
            .should(accessTargetWhere(describe("it makes randomness", ArchitectureTest::makesRandomness)))
            .because("flows are replayed byte for byte by handing in the recorded randomness");

    /** Compared in 5.0.0, 5.1.1 and the development branch of November 2026. */
    private static final Map<String, Set<String>> OPENFIRES = Map.of(
            "org.jivesoftware.openfire.XMPPServer", Set.of("getInstance", "getServerInfo", "getAdmins"),
            "org.jivesoftware.openfire.XMPPServerInfo", Set.of("getXMPPDomain"),
            "org.jivesoftware.openfire.event.UserEventDispatcher", Set.of("addListener", "removeListener"),
            "org.jivesoftware.openfire.user.User", Set.of("getUsername"),
            "org.jivesoftware.util.JiveGlobals",
                    Set.of("getProperty", "getPropertyNames", "getXMLProperty", "getLocale"),
            "org.jivesoftware.util.JiveProperties", Set.of("getInstance", "get", "put", "remove"),
            "org.jivesoftware.util.PropertyEventDispatcher", Set.of("addListener", "removeListener"));

    private static boolean mayDifferBetweenReleasesOfOpenfire(JavaAccess<?> access) {
        JavaClass owner = access.getTargetOwner();
        return owner.getPackageName().startsWith("org.jivesoftware.")
                && !OPENFIRES.getOrDefault(owner.getName(), Set.of()).contains(access.getName());
    }

    private static boolean readsTheTime(JavaAccess<?> access) {
        JavaClass owner = access.getTargetOwner();
        String name = access.getName();
        if (owner.isEquivalentTo(System.class)) {
            return name.equals("currentTimeMillis"); // nanoTime() tells no time, only how much has passed
        }
        if (owner.isAssignableTo(Clock.class) || owner.isAssignableTo(InstantSource.class)) {
            return name.startsWith("system") || name.startsWith("tick");
        }
        // now(Clock) is handed its time
        return owner.getPackageName().equals("java.time")
                && name.equals("now")
                && access.getTarget() instanceof CodeUnitAccessTarget method
                && method.getRawParameterTypes().isEmpty();
    }

    private static boolean makesRandomness(JavaAccess<?> access) {
        JavaClass owner = access.getTargetOwner();
        String name = access.getName();
        return (owner.isAssignableTo(Random.class) && name.equals(JavaConstructor.CONSTRUCTOR_NAME))
                || (owner.isEquivalentTo(SecureRandom.class) && name.equals("getInstanceStrong"))
                || (owner.isEquivalentTo(Math.class) && name.equals("random"));
    }

    private static <T> DescribedPredicate<T> describe(String description, Predicate<T> predicate) {
        return DescribedPredicate.describe(description, predicate);
    }
}
