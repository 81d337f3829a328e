package io.modelward.store.blob;

/**
 * The result of hashing a stored blob again.
 *
 * @param state whether the bytes still have the blob's digest
 * @param bytes how many bytes were read
 */
public record BlobCheck(State state, long bytes) {

    /** The outcome of a check. */
    public enum State {
        INTACT,
        DAMAGED,
        MISSING
    }

    public boolean intact() {
        return state == State.INTACT;
    }
}
