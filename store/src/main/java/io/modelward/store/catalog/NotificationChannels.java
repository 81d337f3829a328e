package io.modelward.store.catalog;

import io.modelward.core.notification.NotificationChannel;
import java.util.List;
import java.util.Optional;

/** Where notices go. There are few of them. */
public interface NotificationChannels {

    void insert(NotificationChannel channel);

    /** Keeps all but identity, name and time of making. */
    void update(NotificationChannel channel);

    /** Forgets the channel with its messages. */
    void delete(String id);

    Optional<NotificationChannel> named(String name);

    Optional<NotificationChannel> find(String id);

    /** All, by name. */
    List<NotificationChannel> list();
}
