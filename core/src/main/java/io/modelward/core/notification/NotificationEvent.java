package io.modelward.core.notification;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** What people can be notified of. The labels are kept in the catalog and shown. */
public enum NotificationEvent {
    JOB_FAILED("job.failed", "a job failed"),
    JOB_RECOVERED("job.recovered", "a job that failed works again"),
    /** A gate held the version of a job back. */
    JOB_HELD("job.held", "a gate held the version of a job back"),
    ROLLOUT_HELD("rollout.held", "a rollout is held"),
    ROLLOUT_ROLLED_BACK("rollout.rolled-back", "a rollout was rolled back", true),
    ROLLOUT_PROMOTED("rollout.promoted", "a rollout was promoted"),
    DISK_LOW("disk.low", "the disk of the data directory is nearly full", true),
    VERIFY_DAMAGED("verify.damaged", "a verification found damage", true),
    CERTIFICATE_ENDING("certificate.ending", "the certificate of the server ends soon"),
    WEBHOOK_GIVEN_UP("webhook.given-up", "a delivery to a webhook was given up"),
    BACKUP_FAILED("backup.failed", "a backup failed"),
    RETENTION_FAILED("retention.failed", "retention failed");

    private final String label;
    private final String words;
    private final boolean urgent;

    NotificationEvent(String label, String words) {
        this(label, words, false);
    }

    NotificationEvent(String label, String words, boolean urgent) {
        this.label = label;
        this.words = words;
        this.urgent = urgent;
    }

    /** As it is kept, written by people and shown: {@code job.failed}. */
    public String label() {
        return label;
    }

    /** What happened, as a clause: {@code a job failed}. */
    public String words() {
        return words;
    }

    /** Whether it is sent in quiet hours too. */
    public boolean urgent() {
        return urgent;
    }

    public static Optional<NotificationEvent> find(String label) {
        return Arrays.stream(values())
                .filter(event -> event.label.equals(label))
                .findFirst();
    }

    /** @throws ProblemException of kind INVALID when there is no such event */
    public static NotificationEvent parse(String label) {
        return find(label)
                .orElseThrow(() -> ProblemException.invalid(
                        "events",
                        "There is no event " + Quoted.of(label) + ". These are: "
                                + Arrays.stream(values())
                                        .map(NotificationEvent::label)
                                        .collect(Collectors.joining(", "))
                                + "."));
    }

    /** @throws IllegalArgumentException for a label that was never given out */
    public static NotificationEvent of(String label) {
        return find(label).orElseThrow(() -> new IllegalArgumentException(label));
    }
}
