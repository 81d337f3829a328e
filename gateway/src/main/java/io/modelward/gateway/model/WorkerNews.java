package io.modelward.gateway.model;

import io.modelward.core.webhook.Event;
import io.modelward.registry.webhook.Events;
import io.modelward.runtime.ModelNews;
import io.modelward.store.catalog.Catalog;
import java.time.InstantSource;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells webhooks of models that cannot be loaded and of workers that died. The catalog is written by a thread of its
 * own, since models do not wait for the catalog; of a flood of such events some are left out.
 */
public final class WorkerNews implements ModelNews, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WorkerNews.class);
    private static final int MOST_WAITING = 1000;

    private final Catalog catalog;
    private final InstantSource clock;
    private final ThreadPoolExecutor writer = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            Thread.ofPlatform().daemon().name("worker-news").factory(),
            new ThreadPoolExecutor.DiscardPolicy());

    public WorkerNews(Catalog catalog, InstantSource clock) {
        this.catalog = catalog;
        this.clock = clock;
    }

    @Override
    public void loadFailed(String reference, String why) {
        put(Event.VERSION_LOAD_FAILED, reference, why);
    }

    @Override
    public void workerDied(String reference, String why) {
        put(Event.WORKER_DIED, reference, why);
    }

    private void put(Event event, String reference, String why) {
        int at = reference.lastIndexOf('@');
        writer.execute(() -> {
            try {
                // Most servers have no webhook that wants to know, and then nothing is written.
                if (catalog.read(tx -> tx.webhooks().wanting(event)).isEmpty()) {
                    return;
                }
                catalog.write(tx -> {
                    Events.process(
                            tx, event, reference.substring(0, at), reference.substring(at + 1), why, clock.instant());
                    return true;
                });
            } catch (RuntimeException failure) {
                LOG.warn("no webhook is told of {} of {}: {}", event.label(), reference, failure.toString());
            }
        });
    }

    @Override
    public void close() {
        writer.shutdownNow();
    }
}
