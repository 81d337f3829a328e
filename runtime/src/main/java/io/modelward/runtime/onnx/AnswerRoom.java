package io.modelward.runtime.onnx;

import io.modelward.runtime.serving.Engine;
import io.modelward.runtime.worker.LargeFrames;

/**
 * The memory that the answers of one batch may take together. Memory is taken before an output is decoded. A large
 * answer waits until no other large answer of the server is in memory.
 */
final class AnswerRoom {

    /** In bytes. */
    private static final long MOST = 64 << 20;

    private final LargeFrames gate;
    private long taken;

    AnswerRoom(LargeFrames gate) {
        this.gate = gate;
    }

    /**
     * Takes memory; takes nothing when there is not as much left.
     *
     * @throws Engine.NoMemory when other large answers are in memory for too long
     */
    void take(long bytes) throws ColumnDecoder.Unfit, Engine.NoMemory {
        if (bytes > MOST - taken) {
            throw new ColumnDecoder.Unfit("AnswerTooLarge", "");
        }
        if (!gate.enter((int) (taken + bytes))) {
            throw new Engine.NoMemory();
        }
        taken += bytes;
    }
}
