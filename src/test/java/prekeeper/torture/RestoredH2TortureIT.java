package prekeeper.torture;

class RestoredH2TortureIT extends TortureSuite {
    RestoredH2TortureIT() {
        super(Victim.RESTORED_H2);
    }
}
