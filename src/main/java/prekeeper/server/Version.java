package prekeeper.server;

/** Which Prekeeper this is. */
public final class Version {

    private Version() {}

    /** The version of the jar; {@code development} when the classes are run without one. */
    public static String current() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
