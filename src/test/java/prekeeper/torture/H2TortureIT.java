package prekeeper.torture;

class H2TortureIT extends TortureSuite {
    H2TortureIT() {
        super(Victim.H2);
    }
}
