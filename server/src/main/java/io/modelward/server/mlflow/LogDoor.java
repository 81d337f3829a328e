package io.modelward.server.mlflow;

import io.modelward.core.access.Action;
import io.modelward.core.tracking.ModelUse;
import io.modelward.core.tracking.ModelUse.Role;
import io.modelward.registry.tracking.RunLog;
import io.modelward.server.http.Reply;
import java.util.List;

/** What MLflow's runs log. */
final class LogDoor {

    private final RunLog log;

    LogDoor(RunLog log) {
        this.log = log;
    }

    void open(MlflowRoutes calls) {
        calls.post(
                "/runs/log-metric",
                Action.TRACK,
                (message, exchange) -> done(() -> log.log(
                        message.run(),
                        List.of(MessageReaders.point(message)),
                        List.of(),
                        List.of(),
                        MessageReaders.measured(List.of(message)))));
        calls.post(
                "/runs/log-parameter",
                Action.TRACK,
                (message, exchange) -> done(
                        () -> log.log(message.run(), List.of(), List.of(MessageReaders.entry(message)), List.of())));
        calls.post(
                "/runs/set-tag",
                Action.TRACK,
                (message, exchange) -> done(
                        () -> log.log(message.run(), List.of(), List.of(), List.of(MessageReaders.entry(message)))));
        calls.post(
                "/runs/log-batch",
                Action.TRACK,
                (message, exchange) -> done(() -> log.log(
                        message.run(),
                        message.messages("metrics").stream()
                                .map(MessageReaders::point)
                                .toList(),
                        MessageReaders.entries(message, "params"),
                        MessageReaders.entries(message, "tags"),
                        MessageReaders.measured(message.messages("metrics")))));
        calls.post(
                "/runs/delete-tag",
                Action.TRACK,
                (message, exchange) -> done(() -> log.deleteTag(message.run(), message.named("key"))));
        calls.post(
                "/runs/log-inputs",
                Action.TRACK,
                (message, exchange) -> done(() -> log.uses(
                        message.run(),
                        message.messages("datasets").stream()
                                .map(MessageReaders::dataset)
                                .toList(),
                        models(message, Role.INPUT))));
        calls.post(
                "/runs/outputs",
                Action.TRACK,
                (message, exchange) -> done(() -> log.uses(message.run(), List.of(), models(message, Role.OUTPUT))));
    }

    private static List<ModelUse> models(Message message, Role role) {
        return message.messages("models").stream()
                .map(model -> new ModelUse(
                        role,
                        model.named("model_id"),
                        role == Role.INPUT ? 0 : model.whole("step").orElse(0)))
                .toList();
    }

    private static Reply done(Runnable act) {
        act.run();
        return Reply.ok(Message.nothing());
    }
}
