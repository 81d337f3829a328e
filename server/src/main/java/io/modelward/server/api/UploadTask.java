package io.modelward.server.api;

import io.modelward.core.digest.Digest;
import io.modelward.core.manifest.FileEntry;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemType;
import io.modelward.registry.publish.DraftUpload;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.Reply;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.Content;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes in one file. It holds a thread only while there are bytes to hash and write, and gives way to other uploads after each
 * {@value #TURN} bytes, so that any number of slow and fast senders share a few threads.
 */
final class UploadTask implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(UploadTask.class);
    private static final int TURN = 4 << 20;

    private final Exchange exchange;
    private final DraftUpload upload;
    private final Optional<Digest> expected;
    private final Executor hashers;

    UploadTask(Exchange exchange, DraftUpload upload, Optional<Digest> expected, Executor hashers) {
        this.exchange = exchange;
        this.upload = upload;
        this.expected = expected;
        this.hashers = hashers;
    }

    @Override
    public void run() {
        try {
            long taken = 0;
            while (taken < TURN) {
                Content.Chunk chunk = exchange.request().read();
                if (chunk == null) {
                    exchange.request().demand(() -> hashers.execute(this));
                    return;
                }
                if (Content.Chunk.isFailure(chunk)) {
                    throw truncated();
                }
                try {
                    taken += chunk.remaining();
                    upload.write(chunk.getByteBuffer());
                } finally {
                    chunk.release();
                }
                if (chunk.isLast()) {
                    FileEntry file = upload.finish(expected);
                    upload.close();
                    exchange.reply(Reply.ok(Views.file(file)));
                    return;
                }
            }
            hashers.execute(this);
        } catch (IOException | RuntimeException failure) {
            forget();
            exchange.fail(failure);
        }
    }

    private static RuntimeException truncated() {
        return Problem.of(
                        ProblemType.INVALID, "The upload broke off before all of the file had arrived. Send it again.")
                .exception();
    }

    private void forget() {
        try {
            upload.close();
        } catch (IOException failure) {
            LOG.warn("an unfinished upload could not be removed now; the next start removes it");
        }
    }
}
