package prekeeper.torture;

class TwoServersTortureIT extends TortureSuite {
    TwoServersTortureIT() {
        super(Victim.TWO_SERVERS);
    }
}
