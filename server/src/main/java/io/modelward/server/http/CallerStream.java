package io.modelward.server.http;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** A body on its way to one caller that knows whether it was the way that failed, and not who writes. */
final class CallerStream extends FilterOutputStream {

    private boolean broken;

    CallerStream(OutputStream response) {
        super(response);
    }

    /** Something to do with the stream. */
    private interface Step {
        void run() throws IOException;
    }

    /** Whether the caller is gone, or has read nothing for a minute. */
    boolean broken() {
        return broken;
    }

    private void step(Step step) throws IOException {
        try {
            step.run();
        } catch (IOException | RuntimeException failure) {
            broken = true;
            throw failure;
        }
    }

    @Override
    public void write(int one) throws IOException {
        step(() -> out.write(one));
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        step(() -> out.write(bytes, from, length));
    }

    @Override
    public void flush() throws IOException {
        step(out::flush);
    }

    @Override
    public void close() throws IOException {
        step(out::close);
    }
}
