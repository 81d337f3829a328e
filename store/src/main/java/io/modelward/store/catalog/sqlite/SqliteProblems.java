package io.modelward.store.catalog.sqlite;

import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemType;
import io.modelward.store.disk.DiskFull;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What SQLite's result codes mean for the caller. SQLSTATE is null in SQLite, so the code is the only evidence. */
final class SqliteProblems {

    private SqliteProblems() {}

    static RuntimeException translate(RuntimeException failure) {
        if (isFull(failure)) {
            return Problem.of(
                            ProblemType.STORAGE_FULL,
                            "The server's disk is full. Nothing was changed. Free space on it and try again.")
                    .exception();
        }
        return failure;
    }

    static boolean isFull(Throwable failure) {
        SQLiteErrorCode code = code(failure);
        return code == SQLiteErrorCode.SQLITE_FULL || DiskFull.is(failure);
    }

    /** Whether the failure may have ended the whole transaction, not only one statement of it. */
    static boolean endsTransaction(Throwable failure) {
        SQLiteErrorCode code = code(failure);
        return code != null
                && switch (code.code & 0xff) {
                    case 5, 7, 10, 11, 13 -> true; // BUSY, NOMEM, IOERR, CORRUPT, FULL
                    default -> false;
                };
    }

    private static @org.jspecify.annotations.Nullable SQLiteErrorCode code(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLiteException sqlite) {
                return sqlite.getResultCode();
            }
        }
        return null;
    }
}
