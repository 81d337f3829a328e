package io.modelward.runtime.serving;

import io.modelward.runtime.Instances;
import io.modelward.runtime.ModelInfo;
import io.modelward.runtime.Predictions;
import io.modelward.runtime.RunningModel;
import io.modelward.runtime.ServedBy;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * One version in several workers. The first one loads as if it were alone; the others are started when the first one
 * serves in a worker, since a version that the server computes itself needs no more. A request goes to the worker that
 * has the least to do, so that a batch holds requests of this version only.
 */
final class WorkerGroup implements RunningModel {

    private final QueuedModel first;
    private final List<QueuedModel> members = new CopyOnWriteArrayList<>();
    private boolean closed;

    /**
     * @param first begins to load now
     * @param another starts one more worker of the same version
     * @param count of workers
     */
    WorkerGroup(QueuedModel first, Supplier<QueuedModel> another, int count) {
        this.first = first;
        members.add(first);
        var _ = first.ready().thenAccept(info -> {
            if (info.served().by() == ServedBy.Computer.WORKER) {
                grow(another, count);
            }
        });
    }

    private synchronized void grow(Supplier<QueuedModel> another, int count) {
        while (!closed && members.size() < count) {
            members.add(another.get());
        }
    }

    @Override
    public CompletableFuture<ModelInfo> ready() {
        return first.ready();
    }

    /** That of the first worker, with the restarts of all. */
    @Override
    public ModelInfo info() {
        ModelInfo info = first.info();
        return members.size() == 1
                ? info
                : info.restarted(members.stream()
                        .mapToInt(member -> member.info().restarts())
                        .sum());
    }

    @Override
    public CompletableFuture<Predictions> predict(Instances instances, List<String> outputs, LongConsumer taken) {
        QueuedModel least = first;
        long load = Long.MAX_VALUE;
        for (QueuedModel member : members) {
            if (member.info().state() == ModelInfo.State.READY && member.load() < load) {
                least = member;
                load = member.load();
            }
        }
        return least.predict(instances, outputs, taken);
    }

    @Override
    public synchronized void close() {
        closed = true;
        members.forEach(QueuedModel::close);
    }
}
