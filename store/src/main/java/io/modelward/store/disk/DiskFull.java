package io.modelward.store.disk;

import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tells a full disk from other I/O errors; Java has no type for it. */
public final class DiskFull {

    private DiskFull() {}

    /** Whether the error, or one that caused it, says that the device or the quota is full. */
    public static boolean is(@Nullable Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
            if (cause instanceof IOException
                    && (message.contains("no space left") || message.contains("quota exceeded"))) {
                return true;
            }
        }
        return false;
    }
}
