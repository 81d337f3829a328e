package io.modelward.app;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.modelward.core.memory.MemoryBudget;
import io.modelward.core.memory.MemoryShare;
import io.modelward.server.http.RequestMemory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all requests share: threads for work that takes a core, and memory for bodies and answers. */
final class ResourcesModule extends Module {

    private static final Logger LOG = LoggerFactory.getLogger(ResourcesModule.class);

    private final MemoryBudget budget = new MemoryBudget(LOG::warn);
    private final RequestMemory memory =
            RequestMemory.of(budget, Runtime.getRuntime().maxMemory());
    private final Pools pools;

    ResourcesModule() {
        this.pools = own(Pools.create());
    }

    RequestMemory memory() {
        return memory;
    }

    Pools pools() {
        return pools;
    }

    /** Shows how much of the memory for requests is in use, and how often there was none. */
    @Override
    void measure(MeterRegistry meters) {
        for (MemoryShare share : budget.shares()) {
            Gauge.builder("modelward.request.memory.used", share, MemoryShare::used)
                    .description("Bytes that requests hold now")
                    .baseUnit("bytes")
                    .tag("share", share.name())
                    .register(meters);
            Gauge.builder("modelward.request.memory.limit", share, MemoryShare::size)
                    .description("Bytes that requests may hold at a time")
                    .baseUnit("bytes")
                    .tag("share", share.name())
                    .register(meters);
            FunctionCounter.builder("modelward.request.memory.refused", share, MemoryShare::refused)
                    .description("Requests that were refused since others held the memory")
                    .tag("share", share.name())
                    .register(meters);
        }
    }
}
