package io.modelward.server.api;

import io.modelward.core.memory.Reservation;
import io.modelward.gateway.contract.Contract;
import io.modelward.gateway.predict.PredictRequest;

/**
 * Reads the rows of one body, as often as the contract changes before the request is admitted. The memory of an earlier
 * reading is given back before the body is read again, since only the newest rows stay in use. Used by one thread at a
 * time.
 */
final class BodyRows implements PredictRequest.Reader {

    private final byte[] body;
    private final Reservation memory;
    /** What the last reading holds, in bytes. */
    private long held;

    /** @param memory where the memory for the rows comes from, beyond the body's own */
    BodyRows(byte[] body, Reservation memory) {
        this.body = body;
        this.memory = memory;
    }

    @Override
    public PredictRequest.Rows read(Contract contract) {
        memory.shrink(held);
        held = 0;
        long before = memory.bytes();
        try {
            return PredictBody.read(contract, body, memory);
        } finally {
            // Whoever ends the request may have closed the reservation meanwhile.
            held = Math.max(0, memory.bytes() - before);
        }
    }
}
