package prekeeper.service;

import java.util.Optional;

/** Knows the names of accounts. Implementations are thread-safe. */
@FunctionalInterface
public interface Accounts {
    /**
     * The prepared name that {@code identity}, as a retriever wrote it, is stored under.
     *
     * @return empty when it can be no account's name
     */
    Optional<String> prepare(String identity);
}
