package io.modelward.gateway.rollout;

import io.modelward.gateway.model.ModelPool;
import io.modelward.gateway.model.ServableVersion;
import io.modelward.gateway.route.EndpointSnapshot;
import io.modelward.gateway.route.PresentNames;
import io.modelward.gateway.route.RouteTable;
import io.modelward.registry.model.ModelWatch;
import io.modelward.store.catalog.Catalog;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the memory in line with the present models of the registry. When this returns, every answer has the present
 * names, and no deleted candidate has traffic.
 */
final class ChangedModels implements ModelWatch {

    private static final Logger LOG = LoggerFactory.getLogger(ChangedModels.class);

    private final Catalog catalog;
    private final ModelPool pool;
    private final RouteTable table;
    private final RolloutDriver driver;

    ChangedModels(Catalog catalog, ModelPool pool, RouteTable table, RolloutDriver driver) {
        this.catalog = catalog;
        this.pool = pool;
        this.table = table;
        this.driver = driver;
    }

    @Override
    public void changed() {
        try {
            driver.endDeleted();
            letGo();
            pool.names().look();
        } catch (RuntimeException failure) {
            LOG.warn("what is in memory could not follow a change of models", failure);
        }
    }

    /** What cannot be read now stays loaded until the next move; an endpoint does not go to it. */
    private void letGo() {
        List<ServableVersion> previous = table.all().stream()
                .map(EndpointSnapshot::previous)
                .flatMap(model -> model.stream())
                .map(model -> model.version())
                .toList();
        Set<String> deleted = catalog.read(tx -> {
            PresentNames names = new PresentNames(tx);
            Set<String> found = new HashSet<>();
            previous.stream()
                    .filter(version -> names.deletedAt(version.modelId(), version.version())
                            .isPresent())
                    .forEach(version -> found.add(key(version)));
            return found;
        });
        table.letGo(version -> deleted.contains(key(version)));
    }

    private static String key(ServableVersion version) {
        return version.modelId() + "@" + version.version();
    }
}
