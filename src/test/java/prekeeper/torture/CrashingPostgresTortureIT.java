package prekeeper.torture;

class CrashingPostgresTortureIT extends TortureSuite {
    CrashingPostgresTortureIT() {
        super(Victim.CRASHING_POSTGRES);
    }
}
