package io.modelward.client;

/** The file of kept tokens is not used, since others may read it or since nobody can; the message says what to do. */
public final class UnsafeFile extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public UnsafeFile(String message) {
        super(message);
    }
}
