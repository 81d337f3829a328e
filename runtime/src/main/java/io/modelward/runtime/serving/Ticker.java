package io.modelward.runtime.serving;

import java.util.concurrent.TimeUnit;

/** Does something again and again, on a thread of its own. */
final class Ticker implements AutoCloseable {

    private final long stepMillis;
    private final Runnable action;
    private final Thread thread;
    private volatile boolean closed;

    private Ticker(String name, long stepMillis, Runnable action) {
        this.stepMillis = stepMillis;
        this.action = action;
        this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
    }

    /** @param name of the thread */
    static Ticker start(String name, long stepMillis, Runnable action) {
        Ticker ticker = new Ticker(name, stepMillis, action);
        ticker.thread.start();
        return ticker;
    }

    private void run() {
        while (!closed) {
            try {
                TimeUnit.MILLISECONDS.sleep(stepMillis);
            } catch (InterruptedException interrupted) {
                return;
            }
            action.run();
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
