package io.modelward.server.api;

import io.modelward.gateway.predict.Prediction.PredictionsJson;
import io.modelward.runtime.JsonBytes;
import io.modelward.server.http.Exchange;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.util.IteratingNestedCallback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Sends an answer that is too large to hold as text: each piece is made when the one before is written. A caller who
 * does not read it in time is cut off, since the answer holds memory that others need.
 */
final class LargeAnswer extends IteratingNestedCallback {

    /** The time that every caller has. */
    private static final long GRACE_MILLIS = 30_000;
    /** A second more for each of these. */
    private static final int BYTES_PER_SECOND = 512 << 10;

    private final Exchange exchange;
    private final PredictionsJson.Pieces pieces;
    private final long length;
    private final Scheduler.Task limit;
    private @Nullable JsonBytes before;
    private @Nullable JsonBytes after;

    LargeAnswer(Exchange exchange, JsonBytes before, PredictionsJson answer, JsonBytes after) {
        super(exchange.callback());
        this.exchange = exchange;
        this.before = before;
        this.pieces = answer.pieces();
        this.after = after;
        this.length = before.size() + answer.length() + after.size();
        this.limit = exchange.request()
                .getComponents()
                .getScheduler()
                .schedule(this::cut, GRACE_MILLIS + length * 1000 / BYTES_PER_SECOND, TimeUnit.MILLISECONDS);
    }

    void send() {
        exchange.response().setStatus(200);
        exchange.response().getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        exchange.response().getHeaders().put(HttpHeader.CONTENT_LENGTH, length);
        iterate();
    }

    private void cut() {
        exchange.request().getConnectionMetaData().getConnection().getEndPoint().close();
    }

    @Override
    protected Action process() {
        JsonBytes piece = before;
        before = null;
        if (piece == null) {
            piece = pieces.next();
        }
        if (piece == null) {
            piece = after;
            after = null;
        }
        if (piece == null) {
            return Action.SUCCEEDED;
        }
        exchange.response().write(after == null, piece.buffer(), this);
        return Action.SCHEDULED;
    }

    @Override
    protected void onCompleteSuccess() {
        limit.cancel();
        super.onCompleteSuccess();
    }

    @Override
    protected void onCompleteFailure(Throwable failure) {
        limit.cancel();
        super.onCompleteFailure(failure);
    }
}
