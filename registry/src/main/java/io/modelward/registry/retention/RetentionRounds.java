package io.modelward.registry.retention;

import io.modelward.core.model.RegisteredModel;
import io.modelward.store.catalog.Catalog;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the server does by itself where there are rules: goes through the models and runs each one's rule. */
public final class RetentionRounds {

    private static final Logger LOG = LoggerFactory.getLogger(RetentionRounds.class);
    private static final int AT_ONCE = 200;
    /** Versions that a round deletes; the next round goes on. */
    private static final int MOST = 2000;

    private final Catalog catalog;
    private final RetentionService service;

    RetentionRounds(Catalog catalog, RetentionService service) {
        this.catalog = catalog;
        this.service = service;
    }

    /**
     * Does one round; blocking.
     *
     * @return how many versions were deleted
     */
    public int run() {
        if (!catalog.read(tx -> tx.retention().anyRule())) {
            return 0;
        }
        int deleted = 0;
        String last = "";
        while (deleted < MOST) {
            String after = last;
            List<RegisteredModel> some = catalog.read(tx -> tx.models().list(after, AT_ONCE));
            if (some.isEmpty()) {
                break;
            }
            for (RegisteredModel model : some) {
                deleted += deleted >= MOST ? 0 : run(model, MOST - deleted);
            }
            last = some.getLast().name().toString();
        }
        return deleted;
    }

    private int run(RegisteredModel model, int most) {
        try {
            Optional<Integer> gone = service.runByItself(model.id(), most);
            if (gone.isEmpty()) {
                LOG.warn(
                        "the rule of retention deletes most versions of {}, so it waits until a person runs it",
                        model.name());
            } else if (gone.get() > 0) {
                LOG.info("the rule of retention deleted {} versions of {}", gone.get(), model.name());
            }
            return gone.orElse(0);
        } catch (RuntimeException failure) {
            LOG.warn("the rule of retention is tried again for {}: {}", model.name(), failure.toString());
            return 0;
        }
    }
}
