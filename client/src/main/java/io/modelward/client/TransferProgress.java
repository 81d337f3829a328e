package io.modelward.client;

/** Is told how far the transfer of one file has come; called often, so it should be quick. */
public interface TransferProgress {

    TransferProgress NONE = moved -> {};

    /** @param bytes how many bytes of the file have moved */
    void moved(long bytes);

    /** @param bytes how many bytes of the file have been hashed, before any of it moves */
    default void hashed(long bytes) {}
}
