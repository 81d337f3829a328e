package io.modelward.runtime.serving;

/** Waits that go on when the thread is told to stop, and remember that it was. */
final class Uninterrupted {

    private Uninterrupted() {}

    /** Waits until a thread has ended. */
    static void join(Thread second) {
        boolean interrupted = false;
        while (second.isAlive()) {
            try {
                second.join();
            } catch (InterruptedException stopping) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
