package io.modelward.client;

/** The bytes that arrived are not those that were published. They were thrown away. */
public final class DamagedDownload extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public DamagedDownload(String message) {
        super(message);
    }
}
