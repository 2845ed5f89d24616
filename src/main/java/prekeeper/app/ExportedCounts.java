package prekeeper.app;

/** How much of each kind an export has; its last line says the same. */
record ExportedCounts(long devices, long prekeyMessages, long identifiers, long blocked, long takingMarks) {
    static final ExportedCounts NONE = new ExportedCounts(0, 0, 0, 0, 0);

    ExportedCounts plusDevice() {
        return new ExportedCounts(devices + 1, prekeyMessages, identifiers, blocked, takingMarks);
    }

    ExportedCounts plusPrekeyMessage() {
        return new ExportedCounts(devices, prekeyMessages + 1, identifiers, blocked, takingMarks);
    }

    ExportedCounts plusIdentifiers(long more) {
        return new ExportedCounts(devices, prekeyMessages, identifiers + more, blocked, takingMarks);
    }

    ExportedCounts plusBlocked() {
        return new ExportedCounts(devices, prekeyMessages, identifiers, blocked + 1, takingMarks);
    }

    ExportedCounts plusTakingMark() {
        return new ExportedCounts(devices, prekeyMessages, identifiers, blocked, takingMarks + 1);
    }

    @Override
    public String toString() {
        return "%d devices, %d prekey messages, %d remembered identifiers, %d blocked"
                .formatted(devices, prekeyMessages, identifiers, blocked);
    }
}
