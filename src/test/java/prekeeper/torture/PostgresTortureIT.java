package prekeeper.torture;

class PostgresTortureIT extends TortureSuite {
    PostgresTortureIT() {
        super(Victim.POSTGRES);
    }
}
