package io.modelward.core.notification;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Where notices go, and which.
 *
 * @param id never given again, unlike the name
 * @param target where to, sealed; a mail address as it is
 * @param shown where to, as people may see it: of a URL without its path, in which people keep secrets
 * @param secret what messages are signed with, sealed
 * @param repeat for how long notices of one event and one subject are only counted after one was sent
 */
public record NotificationChannel(
        String id,
        String name,
        ChannelKind kind,
        String target,
        String shown,
        Optional<String> secret,
        NoticeFilter filter,
        Optional<QuietHours> quiet,
        Duration repeat,
        Instant createdAt,
        Instant updatedAt) {}
