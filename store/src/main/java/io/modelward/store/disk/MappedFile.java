package io.modelward.store.disk;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * A file's bytes as memory. What is written survives the death of the process at once, and that of the machine after
 * {@link #force}.
 */
public interface MappedFile extends AutoCloseable {

    MemorySegment memory();

    /** Makes the bytes of a range durable. */
    void force(long offset, long length) throws IOException;

    /** Ends the mapping; whoever uses the memory afterwards gets an {@link IllegalStateException}. */
    @Override
    void close();
}
