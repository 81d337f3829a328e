package io.modelward.store.disk;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * A file's bytes as memory. What is written survives the death of the process at once, and that of the machine after
 * {@link #force}. The mapping ends when nothing refers to it any more.
 */
public interface MappedFile {

    MemorySegment memory();

    /** Makes the bytes of a range durable. */
    void force(long offset, long length) throws IOException;
}
