package io.modelward.core.notification;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which notices a channel wants. An empty list means all; a notice that is about no model passes a filter of models
 * only when the list is empty, and so with endpoints.
 *
 * @param models as {@code namespace/name}, or {@code namespace/*} for all of a namespace
 */
public record NoticeFilter(List<NotificationEvent> events, List<String> models, List<String> endpoints) {

    public static final NoticeFilter ALL = new NoticeFilter(List.of(), List.of(), List.of());

    private static final String EVERY = "/*";

    public NoticeFilter {
        events = List.copyOf(events);
        models = List.copyOf(models);
        endpoints = List.copyOf(endpoints);
    }

    public boolean wants(Notice notice) {
        return (events.isEmpty() || events.contains(notice.event()))
                && (models.isEmpty() || wantsModel(notice.model()))
                && (endpoints.isEmpty() || wantsEndpoint(notice.endpoint()));
    }

    private boolean wantsModel(Optional<String> model) {
        return model.map(NoticeFilter::key)
                .filter(name -> models.stream()
                        .map(NoticeFilter::key)
                        .anyMatch(wanted -> wanted.endsWith(EVERY)
                                ? name.startsWith(wanted.substring(0, wanted.length() - 1))
                                : name.equals(wanted)))
                .isPresent();
    }

    private boolean wantsEndpoint(Optional<String> endpoint) {
        return endpoint.filter(name -> endpoints.stream().anyMatch(name::equalsIgnoreCase))
                .isPresent();
    }

    /** Names of models that differ in case only are one name. */
    private static String key(String model) {
        return model.toLowerCase(Locale.ROOT);
    }
}
