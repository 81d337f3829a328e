package io.modelward.store.failpoint;

/**
 * Named places where a test may stop the process or make a step fail. In production every place is a no-op; the server
 * is given a script only through its configuration.
 */
@FunctionalInterface
public interface Failpoints {

    Failpoints NONE = name -> {};

    /**
     * Passes the named place.
     *
     * @throws java.io.UncheckedIOException when the script says that this step fails
     */
    void pass(String name);
}
