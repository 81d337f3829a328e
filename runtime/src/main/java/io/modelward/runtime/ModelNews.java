package io.modelward.runtime;

/**
 * Hears what happens to models while nobody asks. Called from the models' own threads: an implementation does not wait,
 * and does not throw.
 */
public interface ModelNews {

    /** Hears nothing. */
    ModelNews NOBODY = new ModelNews() {
        @Override
        public void loadFailed(String reference, String why) {}

        @Override
        public void workerDied(String reference, String why) {}
    };

    /**
     * A version cannot be loaded.
     *
     * @param reference {@code namespace/name@version}
     * @param why in words
     */
    void loadFailed(String reference, String why);

    /**
     * A process that ran a version ended without being told to; it is started again, or was loading.
     *
     * @param reference {@code namespace/name@version}
     * @param why in words
     */
    void workerDied(String reference, String why);
}
